// Writes the report of a run, everything but result.json, which is written first and by itself.

import { reportPage } from "../page/report-page.ts";
import type { RunResult } from "../result/result.ts";
import { sequenceSvg } from "../sequence/sequence-svg.ts";
import { junitXml } from "./junit-xml.ts";
import { replaceFiles } from "./replace-files.ts";
import type { Reporter } from "./reporter.ts";
import { samplesCsv } from "./samples-csv.ts";
import { summaryMarkdown } from "./summary-markdown.ts";

const csv: Reporter = (result) => [{ name: "samples.csv", content: samplesCsv(result) }];
const summary: Reporter = (result) => [{ name: "summary.md", content: summaryMarkdown(result) }];
const junit: Reporter = (result) => [{ name: "junit.xml", content: junitXml(result) }];
const page: Reporter = (result) => [{ name: "report.html", content: reportPage(result) }];
const sequence: Reporter = (result) => {
  const content = sequenceSvg(result);
  return content === null ? [] : [{ name: "sequence.svg", content }];
};
/** What draws is large: it is loaded when the run is over, so that it neither delays the start nor takes memory meanwhile. */
const charts: Reporter = async (result) => {
  const { chartFiles } = await import("../charts/chart-files.ts");
  return chartFiles(result).map(({ name, png }) => ({ name, content: png }));
};

const reporters: Reporter[] = [csv, summary, junit, page, sequence, charts];

/** Returns the paths written. */
export async function writeReport(result: RunResult, directory: string): Promise<string[]> {
  const paths: string[] = [];
  for (const reporter of reporters) paths.push(...(await replaceFiles(directory, await reporter(result))));
  return paths;
}
