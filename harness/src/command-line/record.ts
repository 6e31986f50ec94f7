import { Argument, Option } from "commander";
import { LOG_FORMATS } from "../record/psrecord-log.ts";
import { type RecordOptions, recordCommand } from "../record/record-command.ts";
import { defineCommand, refuse } from "./command.ts";
import { DEFAULT_INTERVAL_MS, positive, samplerOption } from "./shared-options.ts";

export const record = defineCommand<RecordOptions>({
  name: "record",
  summary: "record CPU, memory and bytes of any program, with psrecord's options",
  arguments: [
    new Argument("<command or pid>", "a command in quotes, or the id of a process that is running"),
  ],
  options: [
    new Option("--log <file>", "the samples as text; without --log, --plot and --out they are printed"),
    new Option("--log-format <format>", "default: csv for a file *.csv").choices(LOG_FORMATS),
    new Option("--plot <file>", "the chart, as PNG"),
    new Option("--out <dir>", "the folder of a whole report"),
    new Option(
      "--duration <seconds>",
      "end the program after this time (default: when it ends by itself)",
    ).argParser(positive),
    new Option("--interval <seconds>", "time between two samples")
      .argParser(positive)
      .default(DEFAULT_INTERVAL_MS / 1_000),
    new Option("--include-children", "include the processes that it starts"),
    new Option("--include-io", "also how often and how much it reads and writes, in the log"),
    new Option("--no-trace", "start 2 s sooner: look at sockets from time to time, do not trace them"),
    new Option("--probe", "count bytes inside the program, if it runs on Node"),
    samplerOption(),
  ],
  examples: [
    ["'python3 -m http.server 7000'", "--duration", "10", "--plot", "server.png"],
    ["4711", "--log", "server.csv", "--out", "reports/server"],
  ],
  async run([target = "", ...rest], options) {
    if (rest.length > 0) return refuse(`Put the command in quotes: "${[target, ...rest].join(" ")}"`);
    return recordCommand(target, options);
  },
});
