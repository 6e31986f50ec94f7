// Shows a run in progress. Phases and events are lines; in a terminal they are followed by a view of each process's
// current cost, which is redrawn in place.

import type { ProcessNow, Progress } from "../run/progress.ts";
import { printable } from "../text/printable.ts";
import { formatBytes, formatMegabytes, formatPercent } from "../text/quantities.ts";
import { alignColumns, cutTo } from "../text/text-table.ts";

export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

const CLEAR_BELOW = "\x1b[J";
const up = (lines: number) => (lines > 0 ? `\x1b[${lines}A\r` : "");

export class LiveProgress implements Progress {
  readonly #screen: Screen;
  readonly #durationMs: number;
  #phase = "";
  #viewLines = 0;

  constructor(screen: Screen, durationMs: number) {
    this.#screen = screen;
    this.#durationMs = durationMs;
  }

  phase(name: string, timeMs: number): void {
    this.#phase = name;
    this.#line(timeMs, `── ${name}`);
  }

  event(event: Parameters<Progress["event"]>[0]): void {
    this.#line(event.timeMs, `${event.processId}: ${printable(event.text)}`);
  }

  now(timeMs: number, processes: readonly ProcessNow[]): void {
    if (!this.#screen.isTTY || process.env.TERM === "dumb") return;
    const elapsed = `${seconds(timeMs)} of ${seconds(this.#durationMs)}`;
    this.#draw(["", `${elapsed}  ${this.#phase}`, ...alignColumns(processes.map(rowOf))]);
  }

  /** Removes the view and leaves the lines. */
  finish(): void {
    this.#screen.write(this.#erase());
  }

  #line(timeMs: number, text: string): void {
    this.#screen.write(`${this.#erase()}${seconds(timeMs).padStart(8)}  ${text}\n`);
  }

  #draw(lines: string[]): void {
    // A terminal of unknown size reports 0 columns.
    const width = this.#screen.columns || 80;
    const view = lines.map((line) => `${cutTo(line, width - 1)}\n`).join("");
    this.#screen.write(this.#erase() + view);
    this.#viewLines = lines.length;
  }

  #erase(): string {
    const sequence = this.#viewLines > 0 ? up(this.#viewLines) + CLEAR_BELOW : "";
    this.#viewLines = 0;
    return sequence;
  }
}

function rowOf({ id, sample, bytesWritten, bytesRead }: ProcessNow): string[] {
  return [
    `  ${id}`,
    sample ? formatPercent(sample.cpuPercent) : "–",
    sample ? formatMegabytes(sample.rssBytes) : "–",
    `sent ${formatBytes(bytesWritten)}`,
    `received ${formatBytes(bytesRead)}`,
  ];
}

function seconds(timeMs: number): string {
  return `${(timeMs / 1_000).toFixed(1)} s`;
}
