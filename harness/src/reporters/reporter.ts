// What a reporter is. A project adds its own in its configuration file:
//
//     export default defineConfig({
//       reporters: [{ name: "prometheus", report: (result) => [{ name: "metrics.prom", content: metrics(result) }] }],
//     });
import type { RunResult } from "../result/result.ts";

/** One file of a report. */
export interface ReportFile {
  /** Without a folder, and not the name of another file of the report. */
  name: string;
  content: string | Uint8Array;
}

/**
 * Turns what a run measured into files of its report. It is asked when the run is over, however that went, and again
 * by `fiel report`. It returns the files and writes none itself, so that each is replaced whole; it leaves the result
 * as it is. One that throws is named on the terminal, and the rest of the report is written all the same.
 */
export interface Reporter {
  /** Names it in messages. */
  readonly name: string;
  /** `result` is what result.json holds; its schema is in docs/result.schema.json of the package. */
  report(result: RunResult): readonly ReportFile[] | Promise<readonly ReportFile[]>;
}
