// A process that was started again under the same id is one process in the result and one chart with a gap.
import type { Life, MeasuredProcess } from "./result.ts";

/** All lives of the process, in the order of their start. */
export function livesOf(measured: MeasuredProcess): Life[] {
  const { pid, startedAtMs, endedAtMs, exitCode, signal, signalSent } = measured;
  return [...(measured.earlierLives ?? []), { pid, startedAtMs, endedAtMs, exitCode, signal, signalSent }];
}

/** Joins programs with the same id into one entry: the last life, which lists the earlier ones. */
export function joinLives<One extends Omit<MeasuredProcess, "samples">>(programs: readonly One[]): One[] {
  const joined = new Map<string, One>();
  for (const program of programs) {
    const before = joined.get(program.id);
    const earlierLives = before && livesOf({ ...before, samples: [] });
    joined.set(program.id, { ...program, ...(earlierLives && { earlierLives }) });
  }
  return [...joined.values()];
}

/** It ended by itself with exit code 0, or by the signal that the scenario sent. */
export function endedAsIntended({ exitCode, signal, signalSent }: Life): boolean {
  return exitCode === 0 || (signal !== null && signal === signalSent);
}

/** "SIGKILL, exit 0": how each life ended. */
export function endsOf(measured: MeasuredProcess): string {
  return livesOf(measured)
    .map(({ endedAtMs, signal, exitCode }) =>
      endedAtMs === null ? "still running" : (signal ?? `exit ${exitCode ?? "unknown"}`),
    )
    .join(", ");
}
