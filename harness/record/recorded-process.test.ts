import { expect, it } from "vitest";
import { attachTo, exitCodeOf, startCommand } from "./recorded-process.ts";

it("A program's exit code is passed on, and 128 and its number for a signal", () => {
  expect(exitCodeOf({ code: 3, signal: null })).toBe(3);
  expect(exitCodeOf({ code: null, signal: "SIGKILL" })).toBe(137);
});

it.each([
  [
    "no-such-program --port 1",
    127,
    'There is no program "no-such-program". Is it installed, and spelled like this?',
  ],
  ["/", 126, '"/" cannot be started: spawn / EACCES'],
  [" ", 2, "The command to record is empty."],
])("%j is refused with a shell's exit code", async (command, exitCode, message) => {
  expect(await startCommand(command, "/", {})).toEqual({ ok: false, exitCode, message });
});

it("A process id that nobody has is refused", () => {
  expect(attachTo(4_194_305)).toMatchObject({ ok: false, exitCode: 2 });
});
