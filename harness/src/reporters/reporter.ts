// The interface of a reporter. A project adds its own reporters in its configuration file:
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
 * Turns the result of a run into files of its report. It is called when the run is over, also after a failure, and again
 * by `fiel report`. It returns the files instead of writing them, so that each is replaced atomically, and must not change
 * the result. If it throws, the terminal names it, and the rest of the report is still written.
 */
export interface Reporter {
  /** Names it in messages. */
  readonly name: string;
  /** `result` is the content of result.json; its schema is in docs/result.schema.json of the package. */
  report(result: RunResult): readonly ReportFile[] | Promise<readonly ReportFile[]>;
}
