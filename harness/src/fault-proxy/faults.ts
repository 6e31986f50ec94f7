// What can be wrong with a connection while it lasts, and what of it is wrong with one. Pure.

export interface Conditions {
  /** Nothing is read or passed on, and nobody is told: half-open, as when a network is lost. */
  isSilent: boolean;
  /** Each piece arrives so much later, plus a random part of the jitter. The order stays. */
  delayMs: number;
  jitterMs: number;
  /** In each direction. Null: as fast as it goes. */
  bytesPerSecond: number | null;
  /** Bytes leave in segments of so many. Null: as they came. */
  segmentBytes: number | null;
  /** What comes within this time of the first leaves together. */
  glueMs: number;
}

export interface Fault {
  change: Partial<Conditions>;
  /** Only connections that have shown such a line among their first, in either direction. */
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

/** A later fault stands over an earlier one in what it changes. */
export function conditionsFor(faults: readonly Fault[], firstLines: readonly string[]): Conditions {
  const changes = faults
    .filter(({ firstLine }) => isPicked(firstLine, firstLines))
    .map(({ change }) => change);
  return Object.assign({ ...HEALTHY }, ...changes);
}

export function isPicked(firstLine: RegExp | undefined, firstLines: readonly string[]): boolean {
  // search, unlike test, keeps no position in a pattern with the g flag.
  return firstLine === undefined || firstLines.some((line) => line.search(firstLine) !== -1);
}
