// The data that report.html contains: charts, tables and texts, small enough to open at once and ready to be drawn. The
// code of the page shares these types.
import type { SequenceData } from "../sequence/sequence-data.ts";

/** Printed lines are cut to this many characters. */
export const LONGEST_TEXT = 200;

/** Decides how a value is formatted. */
export type Quantity =
  | { kind: "percent" }
  | { kind: "bytes" }
  | { kind: "megabytes" }
  | { kind: "number"; unit: string };

export interface ChartLine {
  label: string;
  colour: string;
  /** Shown beside the name while the pointer is elsewhere. */
  summary: string;
  /** One for each time; null where nothing was measured. */
  values: (number | null)[];
}

export interface PageChart {
  id: string;
  title: string;
  note: string;
  quantity: Quantity;
  /** steps: a value holds since the previous time; bars: it holds until the next time, and bars are stacked. */
  drawing: "steps" | "lines" | "dots" | "bars";
  isLow: boolean;
  timesS: number[];
  lines: ChartLine[];
}

interface PlotAxis {
  title: string;
  isLogarithmic?: boolean | undefined;
}

/** A scenario's own plot: over a number, or over categories, of which x is then the index. */
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
/** `href` is a file of the report in the same folder. */
export type Cell = string | number | { text: string; tone: Tone; href?: string };

export interface PageTable {
  title: string;
  note: string;
  header: string[];
  rows: Cell[][];
  /** The number of rows left out. */
  hiddenRows: number;
  /** Collapsed at first. */
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
  /** The failure and the last lines of the program concerned. */
  failure: { message: string; lastOutput: string[] } | null;
  subtitle: string;
  tiles: Tile[];
  durationS: number;
  phases: Span[];
  outages: Span[];
  events: PageEvent[];
  /** The number of events that only result.json has. */
  hiddenEvents: number;
  charts: PageChart[];
  plots: PagePlot[];
  /** Null if no messages were kept. */
  conversation: SequenceData | null;
  tables: PageTable[];
  colophon: string;
}
