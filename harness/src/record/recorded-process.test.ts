import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isRunning } from "../programs/processes.fixture.ts";
import { createDescendantsFinder } from "../samplers/descendants.ts";
import { attachTo, exitCodeOf, startCommand } from "./recorded-process.ts";

const SIGTERM_BIT = 1 << (constants.signals.SIGTERM - 1);

it("A program's exit code is passed on, and 128 and its number for a signal", () => {
  expect(exitCodeOf({ code: 3, signal: null })).toBe(3);
  expect(exitCodeOf({ code: null, signal: "SIGKILL" })).toBe(137);
});

it.each([
  [
    "no-such-program --port 1",
    127,
    'There is no program "no-such-program" on PATH. Is it installed, and spelled like this?',
  ],
  ["./no-such-program", 127, "There is no file /no-such-program."],
  ["/", 126, "/ is a folder."],
  [
    import.meta.filename,
    126,
    `${import.meta.filename} is not executable. Run: chmod +x ${import.meta.filename}, or start the program that runs it, such as python3`,
  ],
  [" ", 2, "The command to record is empty."],
])("%j is refused with a shell's exit code", async (command, exitCode, message) => {
  expect(await startCommand(command, "/", {}, null)).toEqual({ ok: false, exitCode, message });
});

it("A process id that nobody has is refused", () => {
  expect(attachTo(4_194_305)).toMatchObject({ ok: false, exitCode: 2 });
});

it("Stopping it ends a descendant that lets SIGTERM pass and outlives its parent", async () => {
  const stubborn = join(import.meta.dirname, "..", "fixtures", "stubborn.fixture.js");
  const started = await startCommand(`node ${stubborn} | grep --line-buffered ready >&2`, "/", {}, null);
  if (!started.ok) throw new Error(started.message);
  const { process: recorded } = started;
  const family = () => createDescendantsFinder()(recorded.pid);
  await expect.poll(() => family().length).toBe(2);
  const pids = family();
  await recorded.stop();
  await expect.poll(() => pids.map(isRunning)).toEqual([false, false]);
});

it.runIf(process.platform === "linux")(
  "A process that was stopped can still end in its own way",
  async () => {
    const started = await startCommand("trap 'exit 7' TERM; kill -STOP $$; sleep 9", "/", {}, null);
    if (!started.ok) throw new Error(started.message);
    const { process: recorded } = started;
    const stateOf = () => readFileSync(`/proc/${recorded.pid}/stat`, "utf8").split(") ")[1]?.[0];
    await expect.poll(stateOf).toBe("T");
    await recorded.stop();
    expect(await recorded.ended).toEqual({ code: 7, signal: null });
  },
);

it.runIf(process.platform === "linux")("Stopping it without a grace kills what ignores SIGTERM", async () => {
  const started = await startCommand("trap '' TERM; while :; do sleep 0.1; done", "/", {}, null);
  if (!started.ok) throw new Error(started.message);
  const { pid } = started.process;
  const ignored = () => /SigIgn:\t(\w+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  await expect.poll(() => Number.parseInt(ignored() ?? "0", 16) & SIGTERM_BIT).toBeGreaterThan(0);
  await started.process.stop(0);
  expect(await started.process.ended).toEqual({ code: null, signal: "SIGKILL" });
});
