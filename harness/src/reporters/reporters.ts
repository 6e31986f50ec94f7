// Writes a report: the built-in reporters and those of the project. result.json is written before.
import { basename } from "node:path";
import { reportPage } from "../page/report-page.ts";
import type { RunResult } from "../result/result.ts";
import { sequenceSvg } from "../sequence/sequence-svg.ts";
import { junitXml } from "./junit-xml.ts";
import { replaceFiles } from "./replace-files.ts";
import type { Reporter, ReportFile } from "./reporter.ts";
import { resourcesCsv } from "./resources-csv.ts";
import { samplesCsv } from "./samples-csv.ts";
import { summaryMarkdown } from "./summary-markdown.ts";

const reporters: Reporter[] = [
  { name: "csv", report: (result) => [{ name: "samples.csv", content: samplesCsv(result) }] },
  {
    name: "resources",
    report(result) {
      const content = resourcesCsv(result);
      return content === null ? [] : [{ name: "resources.csv", content }];
    },
  },
  { name: "summary", report: (result) => [{ name: "summary.md", content: summaryMarkdown(result) }] },
  { name: "junit", report: (result) => [{ name: "junit.xml", content: junitXml(result) }] },
  { name: "page", report: (result) => [{ name: "report.html", content: reportPage(result) }] },
  {
    name: "sequence",
    report(result) {
      const content = sequenceSvg(result);
      return content === null ? [] : [{ name: "sequence.svg", content }];
    },
  },
  {
    name: "charts",
    // Loaded after the run, because it is large and would delay the start.
    async report(result) {
      const { chartFiles } = await import("../charts/chart-files.ts");
      return chartFiles(result).map(({ name, png }) => ({ name, content: png }));
    },
  },
];

/** Returns the written paths. Reporters of the project that fail are named on stderr and affect no other file. */
export async function writeReport(
  result: RunResult,
  directory: string,
  extraReporters: readonly Reporter[] = [],
): Promise<string[]> {
  const paths: string[] = [];
  for (const reporter of reporters) {
    paths.push(...(await replaceFiles(directory, await reporter.report(result))));
  }
  for (const reporter of extraReporters) {
    try {
      const files = await reporter.report(result);
      assertValidNames(files, paths);
      paths.push(...(await replaceFiles(directory, files)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      console.error(`The reporter "${reporter.name}" failed: ${reason}`);
    }
  }
  return paths;
}

function assertValidNames(files: readonly ReportFile[], paths: readonly string[]): void {
  const taken = new Set(["result.json", ...paths.map((path) => basename(path))]);
  for (const { name } of files) {
    if (basename(name) !== name) throw new Error(`"${name}" is not a file name; leave folders out`);
    if (taken.has(name)) throw new Error(`the report has a ${name} already; choose another name`);
    taken.add(name);
  }
}
