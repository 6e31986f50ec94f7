// The tables of report.html that tell what somebody found: the scenario its figures, Clinic Doctor its verdict, Node's
// profilers their files. Links are to files of the report, beside the page. Pure.
import { DOCTOR_PAGE } from "../instruments/file-names.ts";
import { figureTexts } from "../reporters/figure-texts.ts";
import type { RunResult } from "../result/result.ts";
import type { PageTable } from "./page-data.ts";
import { table } from "./table.ts";

export function figuresTable(result: RunResult): PageTable {
  const sizes = Object.entries(result.settings ?? {}).map(([name, value]) => `${name} = ${value}`);
  return table({
    title: "Figures",
    note: `Measured by the scenario itself${sizes.length > 0 ? `, at ${sizes.join(", ")}` : ""}.`,
    header: ["Figure", "Median", "Lowest – highest", "Rounds"],
    rows: figureTexts(result).map(({ name, median, spread, rounds }) => [name, median, spread, rounds]),
  });
}

export function diagnosisTable({ diagnosis }: RunResult): PageTable {
  return table({
    title: "Diagnosis",
    note: diagnosis ? `Clinic Doctor on ${diagnosis.processId}.` : "",
    header: ["", ""],
    rows: diagnosis
      ? [
          [
            "Verdict",
            {
              text: `${diagnosis.category}: ${diagnosis.text}`,
              tone: diagnosis.category === "none" ? "good" : "plain",
            },
          ],
          ["Its page", { text: DOCTOR_PAGE, tone: "plain", href: DOCTOR_PAGE }],
          ...Object.entries(diagnosis.issues).map(([part, issue]) => [part, issue]),
        ]
      : [],
  });
}

export function profilesTable({ profiles = [] }: RunResult): PageTable {
  return table({
    title: "Profiles",
    note: "For the Performance and Memory panels of Chrome's developer tools.",
    header: ["File"],
    rows: profiles.map((path) => [{ text: path, tone: "plain", href: path }]),
  });
}
