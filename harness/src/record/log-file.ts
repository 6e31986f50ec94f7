// The log of a recording as a file that grows with each sample, so that what was recorded outlives the recorder.
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { ProcessSample } from "../result/result.ts";
import type { ProcessNow, Progress } from "../run/progress.ts";
import { type LogOptions, logHeading, logRow } from "./psrecord-log.ts";

export class LogFile implements Pick<Progress, "now"> {
  readonly path: string;
  readonly #options: LogOptions;
  readonly #file: WriteStream;
  #lastSample: ProcessSample | null = null;

  /** Rejects if the file cannot be opened. */
  static async open(path: string, options: LogOptions): Promise<LogFile> {
    await mkdir(dirname(path), { recursive: true });
    const file = createWriteStream(path);
    await once(file, "open");
    return new LogFile(path, options, file);
  }

  private constructor(path: string, options: LogOptions, file: WriteStream) {
    this.path = path;
    this.#options = options;
    // After an error, such as a full disk, nothing more is written; `close` reports it.
    this.#file = file.on("error", () => {});
    this.#file.write(logHeading(options));
  }

  now(_timeMs: number, [program]: readonly ProcessNow[]): void {
    const sample = program?.sample ?? null;
    if (!program || !sample || sample === this.#lastSample) return;
    this.#lastSample = sample;
    this.#file.write(logRow(sample, program, this.#options));
  }

  /** Rejects if the log is not whole. */
  async close(): Promise<void> {
    this.#file.end();
    if (!this.#file.closed) await new Promise<void>((resolve) => this.#file.once("close", resolve));
    if (this.#file.errored) throw this.#file.errored;
  }
}
