// What a reporter is: a run's result in, files out. It writes nothing itself.
import type { RunResult } from "../result/result.ts";

export interface ReportFile {
  name: string;
  content: string | Uint8Array;
}

export type Reporter = (result: RunResult) => ReportFile[] | Promise<ReportFile[]>;
