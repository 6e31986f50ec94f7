// From values to places along an axis, linear or logarithmic, with the ticks that stand there. Pure.
import { axisFor } from "../../charts/scales.ts";

export interface Scale {
  place(value: number): number;
  say(value: number): string;
  ticks: { at: number; label: string }[];
}

interface Extent {
  least: number;
  most: number;
  /** Where they lie. */
  from: number;
  to: number;
  /** About so many ticks. */
  steps: number;
}

const LEADING = [1, 2, 5];

export function plotScale(isLogarithmic: boolean, { least, most, from, to, steps }: Extent): Scale {
  const measure = isLogarithmic ? Math.log10 : (value: number) => value;
  const [low, high] = [measure(least), measure(most)];
  const place = (value: number) =>
    high > low ? from + ((measure(value) - low) / (high - low)) * (to - from) : (from + to) / 2;
  const values = isLogarithmic ? roundPowers(least, most, steps) : roundTicks(least, most, steps);
  return {
    place,
    say: inFigures,
    ticks: values.map((value) => ({ at: place(value), label: inFigures(value) })),
  };
}

function roundTicks(least: number, most: number, steps: number): number[] {
  if (most <= least) return [least];
  const { step } = axisFor(most - least, steps);
  const first = Math.ceil(least / step - 1e-9);
  const count = Math.floor(most / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(6)));
}

/** Powers of ten alone where there are many. */
function roundPowers(least: number, most: number, steps: number): number[] {
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(least)); 10 ** power <= most; power++) powers.push(10 ** power);
  const leading = powers.length > steps ? [1] : LEADING;
  return powers
    .flatMap((power) => leading.map((digit) => Number((digit * power).toPrecision(1))))
    .filter((value) => value >= least && value <= most);
}

function inFigures(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 6 });
}
