// The progress of a long run: one line that is overwritten in a terminal, a line every few seconds elsewhere.
import type { CrowdState } from "./crowd.ts";

const TERMINAL_PERIOD_MS = 1_000;
const PLAIN_PERIOD_MS = 5_000;
const CLEAR_LINE = "\r\x1b[K";

interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** Makes room for a line that stays. */
  clear(): void;
  stop(): void;
}

export function showProgress(line: () => string, output: Output, terminal = process.env.TERM): Progress {
  const isTerminal = output.isTTY === true && terminal !== "dumb";
  const show = () => output.write(isTerminal ? `${CLEAR_LINE}${line()}` : `${line()}\n`);
  const timer = setInterval(show, isTerminal ? TERMINAL_PERIOD_MS : PLAIN_PERIOD_MS);
  const clear = () => {
    if (isTerminal) output.write(CLEAR_LINE);
  };
  const stop = () => {
    clearInterval(timer);
    clear();
  };
  return { clear, stop };
}

export function progressLine({ schedule, tally, ...state }: CrowdState): string {
  const { connectedCount, loggedInCount, closed } = state;
  return [
    `${connectedCount} connected`,
    `${loggedInCount} of ${schedule.members.length} logged in`,
    `${closed.length} of ${schedule.matches.length} matches`,
    `${tally.errorCount} errors`,
  ].join(", ");
}
