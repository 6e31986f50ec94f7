import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { inIdleTime, pinned } from "./scheduling.ts";

const isLinux = process.platform === "linux";
const run = ([program = "", ...options]: string[]) => execFileSync(program, options, { encoding: "utf8" });
const status = ["cat", "/proc/self/status", "/proc/self/stat"];
/** sched(7): the 41st field of /proc/PID/stat is the policy, and 5 is SCHED_IDLE. */
const policyOf = (text: string) => text.trim().split(") ").at(-1)?.split(" ")[38];

test.runIf(isLinux && availableParallelism() > 1)("a pinned program has one core", () => {
  expect(run(pinned(1, status))).toMatch(/^Cpus_allowed_list:\s*1$/m);
});

test("a program for a core that is not there is not pinned", () => {
  expect(pinned(10_000, ["program"])).toEqual(["program"]);
});

test.runIf(isLinux)("a program in idle time gets a core that nobody else wants", () => {
  expect(policyOf(run(inIdleTime(status)))).toBe("5");
});
