import { dirname, resolve } from "node:path";
import { Argument } from "commander";
import { openProject } from "../project/project.ts";
import { typingDirectory } from "../project/typing-directory.ts";
import { folderProblem } from "../reporters/check-writable.ts";
import { writeReport } from "../reporters/reporters.ts";
import { readResultJson } from "../reporters/result-json.ts";
import { openPage } from "../terminal/open-page.ts";
import { terminalSummary } from "../terminal/terminal-summary.ts";
import { defineCommand, OK, refuse } from "./command.ts";
import { openOption } from "./shared-options.ts";

export const report = defineCommand<{ open: boolean }>({
  name: "report",
  summary: "draw the charts, the page and the tables of a result.json again",
  arguments: [new Argument("<result.json>", "what an earlier run left")],
  options: [openOption()],
  examples: [["reports/first/result.json", "--open"]],
  async run([file = ""], { open }) {
    const path = resolve(typingDirectory(), file);
    const read = await readResultJson(path);
    if (!read.ok) return refuse(read.message);
    const objection = await folderProblem(dirname(path));
    if (objection) return refuse(objection);
    const opened = await openProject(dirname(path));
    if (!opened.ok) return refuse(opened.message);
    const paths = await writeReport(read.result, dirname(path), opened.project.reporters);
    console.log(terminalSummary(read.result, paths, typingDirectory()));
    if (open) await openPage(paths);
    return OK;
  },
});
