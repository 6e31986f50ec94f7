import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { findLeaks, listHeldResources, moreThan } from "./leak-check.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const NOW = 0;

it("Nothing is told when nothing was taken, or all was given back", async () => {
  const before = listHeldResources();
  const file = await open("/dev/null");
  await file.close();
  expect(await findLeaks(before)).toEqual([]);
});

it("A timer, a child and a folder that stay are told", async () => {
  const before = listHeldResources();
  // Many, for those that the test runner has under way may end meanwhile.
  const timers = Array.from({ length: 20 }, () => setTimeout(() => {}, 60_000));
  const folder = await makeTemporaryFolder("leak-test");
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const leaks = await findLeaks(before, NOW);
  for (const timer of timers) clearTimeout(timer);
  await rm(folder, { recursive: true });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(leaks).toContain(`folder ${folder}`);
  expect(leaks.join()).toContain("active Timeout");
  if (process.platform === "linux") expect(leaks).toContain(`child process ${child.pid}`);
  expect(await findLeaks(before)).toEqual([]);
});

it.runIf(process.platform === "linux")("Descriptors that stay are told by what they are of", async () => {
  const before = listHeldResources();
  const file = await open("/dev/zero");
  const server = createServer().listen(0);
  await once(server, "listening");
  const leaks = await findLeaks(before, NOW);
  await file.close();
  await new Promise((closed) => server.close(closed));
  expect(leaks).toContain("descriptor of /dev/zero");
  expect(leaks).toContain("descriptor of socket");
  expect(leaks).toContain("active TCPServerWrap");
});

it("What is held more often than before is told with how much more", () => {
  expect(
    moreThan(
      new Map([["a", 1]]),
      new Map([
        ["a", 3],
        ["b", 1],
      ]),
    ),
  ).toEqual(["2 × a", "b"]);
});
