// Values as the page formats them, round ranges of axes, and the index of a moment on a grid of times.
import { axisFor } from "../../charts/scales.ts";
import { formatBytes, formatMegabytes, formatPercent, grouped, significant } from "../../text/quantities.ts";
import type { PageChart, Quantity } from "../page-data.ts";

export function figure(quantity: Quantity, value: number): string {
  switch (quantity.kind) {
    case "percent":
      return formatPercent(value);
    case "bytes":
      return formatBytes(value);
    case "megabytes":
      return formatMegabytes(value);
    case "number":
      return `${Number(value.toPrecision(3))} ${quantity.unit}`.trim();
  }
}

/** A number of three significant digits, grouped. */
export function numberFigure(value: number): string {
  return grouped(significant(value));
}

/** For an axis, where values are round. */
export function axisFigure(quantity: Quantity, value: number): string {
  return figure(quantity, value).replace(/\.0(?= )/, "");
}

export function timeFigure(timeS: number): string {
  return `${timeS.toFixed(timeS < 1_000 ? 2 : 1)} s`;
}

/** From 0, or a round value below `least`, to a round value above `most`, in about `steps` round steps. */
export function roundRange(
  quantity: Quantity,
  least: number,
  most: number,
  steps: number,
): { from: number; to: number; step: number } {
  if (least < 0) {
    const { step } = axisFor(Math.max(most, 0) - least, steps);
    const multiple = (value: number) => Number((value * step).toPrecision(6));
    return {
      from: multiple(Math.floor(least / step)),
      to: multiple(Math.max(0, Math.ceil(most / step))),
      step,
    };
  }
  const unit = quantity.kind === "megabytes" ? 1e6 : 1;
  const { max, step } = axisFor(Math.max(most / unit, quantity.kind === "bytes" ? 20 : 0.1), steps);
  return { from: 0, to: max * unit, step: step * unit };
}

/** The round values from `from` to `to`. */
export function stepsBetween(from: number, to: number, step: number): number[] {
  const count = Math.round((to - from) / step);
  return Array.from({ length: count + 1 }, (_, index) => Number((from + index * step).toPrecision(9)));
}

/** The index of the value at a moment: the previous, next or nearest one, depending on how the chart is drawn. */
export function indexAt({ timesS, drawing }: PageChart, timeS: number): number {
  let low = 0;
  let high = timesS.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesS[middle]! < timeS) low = middle + 1;
    else high = middle;
  }
  if (drawing === "steps") return low;
  const before = timesS[low]! > timeS ? Math.max(0, low - 1) : low;
  if (drawing === "bars") return before;
  return timeS - timesS[before]! < timesS[low]! - timeS ? before : low;
}
