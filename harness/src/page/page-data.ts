// What report.html holds of a run: charts, tables and words, small enough to open at once and ready to be drawn.
// The page's own code shares it.

import type { SequenceData } from "../sequence/sequence-data.ts";

/** Printed lines are cut to this many characters. */
export const LONGEST_TEXT = 200;

/** How a figure is formatted. */
export type Quantity =
  | { kind: "percent" }
  | { kind: "bytes" }
  | { kind: "megabytes" }
  | { kind: "number"; unit: string };

export interface ChartLine {
  label: string;
  colour: string;
  /** Shown beside its name while nothing is pointed at. */
  summary: string;
  /** One for each time; null where nothing was measured. */
  values: (number | null)[];
}

export interface PageChart {
  id: string;
  title: string;
  note: string;
  quantity: Quantity;
  /** steps: each value holds since the time before; bars: it holds until the next, and bars stand on each other. */
  drawing: "steps" | "lines" | "dots" | "bars";
  isLow: boolean;
  timesS: number[];
  lines: ChartLine[];
}

interface PlotAxis {
  title: string;
  isLogarithmic?: boolean | undefined;
}

/** What the scenario itself draws: over a number, or over names, of which x is then the index. */
export interface PagePlot {
  title: string;
  x: PlotAxis & { categories?: string[] | undefined };
  y: PlotAxis;
  limits?: { label: string; y: number }[] | undefined;
  series: {
    label: string;
    colour: string;
    points: { x: number; y: number; low?: number | undefined; high?: number | undefined }[];
  }[];
}

export interface Span {
  label: string;
  startS: number;
  endS: number;
}

export interface PageEvent {
  timeS: number;
  process: string;
  label: string;
  text: string;
}

export type Tone = "good" | "bad" | "muted" | "plain";
/** `href` is a file of the report, beside the page. */
export type Cell = string | number | { text: string; tone: Tone; href?: string };

export interface PageTable {
  title: string;
  note: string;
  header: string[];
  rows: Cell[][];
  /** Rows that were left out. */
  hiddenRows: number;
  /** Closed until it is asked for. */
  isLong: boolean;
}

export interface Tile {
  label: string;
  value: string;
  detail: string;
  tone: Tone | null;
}

export interface PageData {
  title: string;
  description: string;
  status: "passed" | "failed" | "interrupted";
  /** What went wrong, and the last lines of the program concerned. */
  failure: { message: string; lastOutput: string[] } | null;
  subtitle: string;
  tiles: Tile[];
  durationS: number;
  phases: Span[];
  outages: Span[];
  events: PageEvent[];
  /** Events that are in result.json alone. */
  hiddenEvents: number;
  charts: PageChart[];
  plots: PagePlot[];
  /** Null where no messages were kept. */
  conversation: SequenceData | null;
  tables: PageTable[];
  colophon: string;
}
