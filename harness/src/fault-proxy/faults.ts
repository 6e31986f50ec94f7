// The faults that a connection can have, and which of them apply to a given connection. Pure.

export interface Conditions {
  /** Nothing is read or forwarded, and neither end is notified: half-open, as when a network is lost. */
  isSilent: boolean;
  /** Each chunk arrives this much later, plus a random part of the jitter. The order is preserved. */
  delayMs: number;
  jitterMs: number;
  /** The limit in each direction. Null: unlimited. */
  bytesPerSecond: number | null;
  /** The size of the segments in which bytes leave. Null: as they arrived. */
  segmentBytes: number | null;
  /** Bytes that arrive within this time of the first leave together. */
  glueMs: number;
}

export interface Fault {
  change: Partial<Conditions>;
  /** Limits the fault to connections with a matching line among their first lines, in either direction. */
  firstLine?: RegExp | undefined;
}

export const HEALTHY: Conditions = {
  isSilent: false,
  delayMs: 0,
  jitterMs: 0,
  bytesPerSecond: null,
  segmentBytes: null,
  glueMs: 0,
};

/** A later fault overrides an earlier one. */
export function conditionsFor(faults: readonly Fault[], firstLines: readonly string[]): Conditions {
  const changes = faults
    .filter(({ firstLine }) => isSelected(firstLine, firstLines))
    .map(({ change }) => change);
  return Object.assign({ ...HEALTHY }, ...changes);
}

export function isSelected(firstLine: RegExp | undefined, firstLines: readonly string[]): boolean {
  // `search`, unlike `test`, ignores the position that a pattern with the g flag keeps.
  return firstLine === undefined || firstLines.some((line) => line.search(firstLine) !== -1);
}
