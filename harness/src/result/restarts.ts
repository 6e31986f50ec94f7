// The lives of a process that was started again under the same id: one process in the result, one chart with a gap.
import type { Life, MeasuredProcess } from "./result.ts";

/** In the order in which they were started. */
export function livesOf(measured: MeasuredProcess): Life[] {
  const { pid, startedAtMs, endedAtMs, exitCode, signal, signalSent } = measured;
  return [...(measured.earlierLives ?? []), { pid, startedAtMs, endedAtMs, exitCode, signal, signalSent }];
}

/** Of programs with the same id one entry, which is its last life and knows the earlier ones. */
export function joinLives<One extends Omit<MeasuredProcess, "samples">>(programs: readonly One[]): One[] {
  const joined = new Map<string, One>();
  for (const program of programs) {
    const before = joined.get(program.id);
    const earlierLives = before && livesOf({ ...before, samples: [] });
    joined.set(program.id, { ...program, ...(earlierLives && { earlierLives }) });
  }
  return [...joined.values()];
}

/** By itself with exit code 0, or by the signal that the scenario sent it. */
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
