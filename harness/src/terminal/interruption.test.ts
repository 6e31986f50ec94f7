import { expect, it } from "vitest";
import { watchForInterruption } from "./interruption.ts";

it("Two signals within a second count as one, and a later one ends the run at once", () => {
  let clockMs = 0;
  let endings = 0;
  const interruption = watchForInterruption({ nowMs: () => clockMs, endNow: () => (endings += 1) });
  try {
    expect(interruption.signal.aborted).toBe(false);
    process.emit("SIGINT", "SIGINT");
    clockMs = 900;
    process.emit("SIGINT", "SIGINT");
    expect(interruption.signal.reason).toMatchObject({ message: "the run was interrupted by SIGINT" });
    expect(endings).toBe(0);
    clockMs = 1_100;
    process.emit("SIGTERM", "SIGTERM");
    expect(endings).toBe(1);
  } finally {
    interruption.release();
  }
});
