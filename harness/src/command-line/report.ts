import { dirname, resolve } from "node:path";
import { Argument } from "commander";
import { openProject } from "../project/project.ts";
import { typingDirectory } from "../project/typing-directory.ts";
import { writeReport } from "../reporters/reporters.ts";
import { readResultJson } from "../reporters/result-json.ts";
import { whyNoFolder } from "../reporters/whether-writable.ts";
import { closingWords } from "../terminal/closing-words.ts";
import { openPage } from "../terminal/open-page.ts";
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
    const objection = await whyNoFolder(dirname(path));
    if (objection) return refuse(objection);
    const opened = await openProject(dirname(path));
    if (!opened.ok) return refuse(opened.message);
    const paths = await writeReport(read.result, dirname(path), opened.project.reporters);
    console.log(closingWords(read.result, paths, typingDirectory()));
    if (open) await openPage(paths);
    return OK;
  },
});
