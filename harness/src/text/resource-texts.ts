// A program's resources besides CPU and memory, as the tables of a run show them. Pure.
import type { ResourceSample } from "../result/result.ts";
import { maximum } from "../statistics/totals.ts";
import { formatBytes, formatMegabytes, grouped } from "./quantities.ts";

const UNKNOWN = "–";

export const RESOURCE_HEADER = [
  "Threads, max",
  "Open files, max",
  "Context switches, voluntary / not",
  "Page faults, minor / major",
  "Disk, read / written",
  "PSS, last",
];

/** One cell for each column of the header; "–" for unknown values. */
export function resourceTexts(samples: readonly ResourceSample[]): string[] {
  const last = samples.at(-1);
  if (!last) return RESOURCE_HEADER.map(() => UNKNOWN);
  const openFiles = samples.flatMap((sample) => sample.openFiles ?? []);
  const pssBytes = samples.findLast((sample) => sample.pssBytes !== undefined)?.pssBytes;
  const { diskReadBytes, diskWrittenBytes } = last;
  return [
    grouped(maximum(samples.map(({ threads }) => threads))),
    openFiles.length === 0 ? UNKNOWN : grouped(maximum(openFiles)),
    `${grouped(last.voluntarySwitches)} / ${grouped(last.involuntarySwitches)}`,
    `${grouped(last.minorFaults)} / ${grouped(last.majorFaults)}`,
    diskReadBytes === undefined || diskWrittenBytes === undefined
      ? UNKNOWN
      : `${formatBytes(diskReadBytes)} / ${formatBytes(diskWrittenBytes)}`,
    pssBytes === undefined ? UNKNOWN : formatMegabytes(pssBytes),
  ];
}
