import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { findLeaks, listHeldResources, moreThan } from "./leak-check.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const NOW = 0;

it("Nothing is reported when everything was released", async () => {
  const before = listHeldResources();
  const file = await open("/dev/null");
  await file.close();
  expect(await findLeaks(before)).toEqual([]);
});

it("A timer, a child and a folder that remain are reported", async () => {
  const before = listHeldResources();
  // Many, because timers of the test runner may end meanwhile.
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

it.runIf(process.platform === "linux")("Descriptors that remain are reported by their target", async () => {
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

it("Resources held more often than before are reported with the difference", () => {
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
