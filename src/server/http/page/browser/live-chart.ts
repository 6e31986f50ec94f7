// One chart of the last minutes: lines over time, with the figures at the pointer, or at the place that the arrow keys
// choose; all charts show the same moment.
import uPlot from "uplot";
import { element } from "./elements.ts";
import type { LiveSample } from "./live-data.ts";

const HEIGHT = 168;
const LEFT = 44;
const TIME_AXIS_HEIGHT = 22;
const FONT = "11px system-ui, sans-serif";
const SPAN_MS = 300_000;
const MINUTE_MS = 60_000;
const NOWHERE = { left: -10, top: -10 } as const;

export interface Line {
  name: string;
  /** 1 to 3: its colour. */
  colour: number;
  read(sample: LiveSample): number;
}

export interface ChartSpec {
  title: string;
  unit: string;
  digits: number;
  lines: Line[];
}

/** The index of the sample that is looked at; null: the newest. */
export type Moment = number | null;

export class LiveChart {
  readonly figure: HTMLElement;
  readonly #spec: ChartSpec;
  readonly #plot: uPlot;
  readonly #readout = element("span", { class: "readout" });

  constructor(spec: ChartSpec, onLook: (moment: Moment) => void) {
    this.#spec = spec;
    const caption = element("figcaption", {}, element("strong", {}, spec.title), this.#readout);
    const place = element("div", { class: "plot", "aria-hidden": "true" });
    this.figure = element(
      "figure",
      { tabindex: "0", role: "group", "aria-label": spec.title },
      caption,
      place,
    );
    this.#plot = new uPlot(optionsOf(spec), [[]], place);
    this.figure.addEventListener("pointermove", ({ clientX }) => onLook(this.#momentAt(clientX)));
    this.figure.addEventListener("pointerleave", () => onLook(null));
    new ResizeObserver(() => {
      if (place.clientWidth > 0) this.#plot.setSize({ width: place.clientWidth, height: HEIGHT });
    }).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#plot.redraw(false));
  }

  draw(samples: readonly LiveSample[], moment: Moment): void {
    const newest = samples.at(-1);
    if (!newest) return;
    const times = samples.map(({ atMs }) => atMs);
    // A batch takes effect at once: the cursor's place is that on the new axis.
    this.#plot.batch(() =>
      this.#plot.setData([times, ...this.#spec.lines.map(({ read }) => samples.map(read))]),
    );
    const looked = moment === null ? undefined : samples[moment];
    this.#plot.setCursor(looked ? { left: this.#plot.valToPos(looked.atMs, "x"), top: 0 } : NOWHERE, false);
    this.#showReadout(looked ?? newest, looked !== undefined);
  }

  #showReadout(sample: LiveSample, hasTime: boolean): void {
    const { lines, unit, digits } = this.#spec;
    const figures = lines.map(({ name, colour, read }) =>
      element(
        "span",
        { class: `value value-${colour}` },
        `${name} ${read(sample).toFixed(digits)}${unit === "" ? "" : ` ${unit}`}`.trim(),
      ),
    );
    const when = hasTime ? [new Date(sample.atMs).toLocaleTimeString()] : [];
    this.#readout.replaceChildren(...when, ...figures);
  }

  #momentAt(clientX: number): Moment {
    const { left, width } = this.#plot.over.getBoundingClientRect();
    const times = this.#plot.data[0];
    if (width === 0 || times.length === 0) return null;
    const atMs = this.#plot.posToVal(clientX - left, "x");
    const index = times.findIndex((time) => time >= atMs);
    return index === -1 ? null : index;
  }
}

function optionsOf({ lines }: ChartSpec): uPlot.Options {
  const look: uPlot.Axis = { stroke: () => ink("muted"), font: FONT, ticks: { show: false }, gap: 6 };
  const ignored = () => null;
  return {
    width: 480,
    height: HEIGHT,
    legend: { show: false },
    padding: [8, 16, 0, 0],
    // The page moves the cursors of all charts together.
    cursor: { y: false, drag: { x: false, y: false }, bind: { mousemove: ignored, mouseleave: ignored } },
    scales: {
      x: { time: false, range: (_plot, _first, newest) => [newest - SPAN_MS, newest] },
      y: { range: (_plot, _least, most) => [0, roundTop(most ?? 0)] },
    },
    axes: [
      {
        ...look,
        size: TIME_AXIS_HEIGHT,
        grid: { show: false },
        splits: (_plot, _axis, _first, newest) =>
          [4, 3, 2, 1, 0].map((minutes) => newest - minutes * MINUTE_MS),
        values: (_plot, splits) => splits.map((_, index) => minutesAgo(splits.length - 1 - index)),
      },
      {
        ...look,
        size: LEFT,
        grid: { stroke: () => ink("grid"), width: 1 },
        splits: (_plot, _axis, _least, top) => [0, top / 2, top],
        values: (_plot, splits) => splits.map((value) => `${Number(value.toPrecision(3))}`),
      },
    ],
    series: [
      {},
      ...lines.map(({ colour }) => ({
        stroke: () => ink(`line-${colour}`),
        width: 1.8,
        points: { show: false },
      })),
    ],
    hooks: { draw: [(plot) => markNewest(plot, lines)] },
  };
}

function minutesAgo(minutes: number): string {
  return minutes === 0 ? "now" : `−${minutes} min`;
}

/** A dot at the end of each line. */
function markNewest(plot: uPlot, lines: readonly Line[]): void {
  const { ctx } = plot;
  for (const [index, { colour }] of lines.entries()) {
    const value = plot.data[index + 1]?.at(-1);
    if (value === undefined || value === null) continue;
    ctx.fillStyle = ink(`line-${colour}`);
    ctx.beginPath();
    ctx.arc(
      plot.valToPos(plot.data[0].at(-1)!, "x", true),
      plot.valToPos(value, "y", true),
      3 * devicePixelRatio,
      0,
      2 * Math.PI,
    );
    ctx.fill();
  }
}

/** A colour of the scheme, as the style sheet has it. */
function ink(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** 1, 2 or 5 times a power of ten, not below `value`. */
function roundTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}
