// Figures as the page writes them, and where on a grid of times a moment falls.
import { axisFor } from "../../charts/scales.ts";
import { formatBytes, formatMegabytes, formatPercent } from "../../text/quantities.ts";
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

/** Beside an axis, where figures are round. */
export function axisFigure(quantity: Quantity, value: number): string {
  return figure(quantity, value).replace(/\.0(?= )/, "");
}

export function timeFigure(timeS: number): string {
  return `${timeS.toFixed(timeS < 1_000 ? 2 : 1)} s`;
}

/** A round maximum; memory in its unit, so that it is round there. */
export function roundTop(quantity: Quantity, most: number, steps: number): number {
  const unit = quantity.kind === "megabytes" ? 1e6 : 1;
  return axisFor(Math.max(most / unit, quantity.kind === "bytes" ? 20 : 0.1), steps).max * unit;
}

/** The value that holds at a moment: the one before or after it, or the nearest, by how the chart is drawn. */
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
