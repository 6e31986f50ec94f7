// One chart of the last minutes: lines over time, with the figures at the pointer, or at the place that the arrow keys
// choose; all charts show the same moment.
import { element, svg } from "./elements.ts";
import type { LiveSample } from "./live-data.ts";

const WIDTH = 480;
const HEIGHT = 150;
const LEFT = 44;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;
const SPAN_MS = 300_000;
const MINUTE_MS = 60_000;

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

/** Which sample is looked at; null: the newest. */
export type Moment = number | null;

export class LiveChart {
  readonly figure: HTMLElement;
  readonly #spec: ChartSpec;
  readonly #plot = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  readonly #readout = element("span", { class: "readout" });
  #samples: readonly LiveSample[] = [];

  constructor(spec: ChartSpec, onLook: (moment: Moment) => void) {
    this.#spec = spec;
    const caption = element("figcaption", {}, element("strong", {}, spec.title), this.#readout);
    this.figure = element("figure", { tabindex: "0", role: "group", "aria-label": spec.title }, caption);
    this.figure.append(this.#plot);
    this.figure.addEventListener("pointermove", (event) => onLook(this.#momentAt(event.clientX)));
    this.figure.addEventListener("pointerleave", () => onLook(null));
  }

  draw(samples: readonly LiveSample[], moment: Moment): void {
    this.#samples = samples;
    const newest = samples.at(-1);
    if (!newest) return;
    const looked = samples[moment ?? samples.length - 1] ?? newest;
    const top = niceTop(
      Math.max(...samples.flatMap((each) => this.#spec.lines.map(({ read }) => read(each)))),
    );
    const x = (atMs: number) => LEFT + (1 - (newest.atMs - atMs) / SPAN_MS) * (WIDTH - LEFT - RIGHT);
    const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
    const parts = [...this.#axes(top, y)];
    for (const { read, colour } of this.#spec.lines) {
      const points = samples.map((each) => `${x(each.atMs).toFixed(1)},${y(read(each)).toFixed(1)}`);
      parts.push(svg("polyline", { class: `line line-${colour}`, points: points.join(" ") }));
      parts.push(
        svg("circle", {
          class: `dot dot-${colour}`,
          cx: `${x(looked.atMs)}`,
          cy: `${y(read(looked))}`,
          r: "3",
        }),
      );
    }
    if (moment !== null) {
      const at = `${x(looked.atMs)}`;
      parts.push(svg("line", { class: "cursor", x1: at, x2: at, y1: `${TOP}`, y2: `${HEIGHT - BOTTOM}` }));
    }
    this.#plot.replaceChildren(...parts);
    this.#tell(looked, moment);
  }

  #tell(sample: LiveSample, moment: Moment): void {
    const { lines, unit, digits } = this.#spec;
    const figures = lines.map(({ name, colour, read }) =>
      element(
        "span",
        { class: `value value-${colour}` },
        `${name} ${read(sample).toFixed(digits)}${unit === "" ? "" : ` ${unit}`}`.trim(),
      ),
    );
    const when = moment === null ? [] : [new Date(sample.atMs).toLocaleTimeString()];
    this.#readout.replaceChildren(...when, ...figures);
  }

  *#axes(top: number, y: (value: number) => number): Iterable<SVGElement> {
    for (const value of [0, top / 2, top]) {
      const at = `${y(value)}`;
      yield svg("line", { class: "grid", x1: `${LEFT}`, x2: `${WIDTH - RIGHT}`, y1: at, y2: at });
      const label = Number(value.toPrecision(3)).toString();
      yield svg("text", { x: `${LEFT - 6}`, y: `${y(value) + 4}`, "text-anchor": "end" }, label);
    }
    for (let minutes = 0; minutes * MINUTE_MS < SPAN_MS; minutes++) {
      const at = LEFT + (1 - (minutes * MINUTE_MS) / SPAN_MS) * (WIDTH - LEFT - RIGHT);
      const label = minutes === 0 ? "now" : `−${minutes} min`;
      const anchor = minutes === 0 ? "end" : "middle";
      yield svg("text", { x: `${at}`, y: `${HEIGHT - 4}`, "text-anchor": anchor }, label);
    }
  }

  #momentAt(clientX: number): Moment {
    const newest = this.#samples.at(-1);
    const { left, width } = this.#plot.getBoundingClientRect();
    if (!newest || width === 0) return null;
    const inPlot = ((clientX - left) / width) * WIDTH;
    const atMs = newest.atMs - (1 - (inPlot - LEFT) / (WIDTH - LEFT - RIGHT)) * SPAN_MS;
    const index = this.#samples.findIndex((sample) => sample.atMs >= atMs);
    return index === -1 ? null : index;
  }
}

/** 1, 2 or 5 times a power of ten, not below `value`. */
function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}
