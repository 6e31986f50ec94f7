// `--log-keep`: sets log.txt aside at each midnight, and deletes what was set aside long ago.
import type { Clock } from "../shared/clock/clock.ts";
import type { RotatingLogFile } from "./log-file.ts";
import { errorText } from "./startup-error.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

export interface LogRotationOptions {
  readonly keepDays: number;
  readonly clock: Clock;
  onTrouble(reason: string): void;
}

/** Returns what stops it. */
export function rotateDaily(
  file: RotatingLogFile,
  { keepDays, clock, onTrouble }: LogRotationOptions,
): () => void {
  let stop = () => {};
  const remove = () => file.removeOlderThan(keepDays * DAY_MS, clock.nowMs());
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      onTrouble(`cannot set log.txt aside or delete old ones (${errorText(error)})`);
    }
  };
  const plan = () => {
    stop = clock.after(midnightAfter(clock.nowMs()) - clock.nowMs(), () => {
      attempt(() => {
        file.setAside(clock.nowMs());
        remove();
      });
      plan();
    });
  };
  attempt(remove);
  plan();
  return () => stop();
}

/** In local time. */
function midnightAfter(nowMs: number): number {
  const next = new Date(nowMs);
  next.setHours(24, 0, 0, 0);
  return next.getTime();
}
