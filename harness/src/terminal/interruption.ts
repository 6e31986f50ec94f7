// Turns Ctrl-C and SIGTERM into an AbortSignal. Under npm a Ctrl-C arrives twice, so signals within a second count
// as one; a later one ends the tool at once, and the caretaker cleans up.
import { StepFailure } from "../scenario/step-failure.ts";

const SAME_SIGNAL_MS = 1_000;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Restores the usual effect of Ctrl-C. */
  release(): void;
}

export interface InterruptionOptions {
  nowMs?: () => number;
  endNow?: () => void;
}

export function watchForInterruption(options: InterruptionOptions = {}): Interruption {
  const { nowMs = () => performance.now(), endNow = () => process.exit(1) } = options;
  const controller = new AbortController();
  let firstAtMs: number | null = null;
  const onSignal = (signal: NodeJS.Signals) => {
    firstAtMs ??= nowMs();
    if (nowMs() - firstAtMs > SAME_SIGNAL_MS) endNow();
    controller.abort(new StepFailure(`the run was interrupted by ${signal}`));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    release() {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
