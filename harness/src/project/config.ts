// The optional configuration file of a project, `fiel.config.ts` or one of its siblings.
import { z } from "zod";
import type { Reporter } from "../reporters/reporter.ts";
import { findingsIn, strict, write } from "../scenario/findings.ts";
import { whyNotLoaded } from "../scenario/load-error.ts";
import { placeOfField } from "../scenario/place-in-source.ts";
import { problemText } from "../scenario/scenario-problem.ts";
import { openUserModules } from "../scenario/user-module.ts";

export interface FielConfig {
  /** The folder of the scenarios, relative to this file. Default: "scenarios". */
  scenarios?: string;
  /** The folder that reports go to, relative to this file. Default: "reports". */
  reports?: string;
  /** Add files of the project's own to each report. */
  reporters?: Reporter[];
  /** For `fiel compare` with git revisions. */
  compare?: CompareConfig;
}

export interface CompareConfig {
  /** The scenario that is played unless `--scenario` names another. Default: the project's only one. */
  scenario?: string;
  /**
   * Shell commands that install and build a revision in a fresh checkout, one after another. Default: `npm ci` where
   * there is a package.json, then `npm run build` where it has such a script.
   */
  build?: string[];
}

export const CONFIG_NAMES = ["ts", "mts", "js", "mjs", "cjs"].map((extension) => `fiel.config.${extension}`);

type ReadConfig = { ok: true; config: FielConfig } | { ok: false; message: string };

const text = (example: string) => z.string(write(example)).min(1, write(example));

const REPORTER = '{ name: "prometheus", report: (result) => [{ name: "metrics.prom", content: "…" }] }';
const reporter = strict<Reporter>(
  "a reporter",
  {
    name: text('name: "prometheus"'),
    report: z.custom<Reporter["report"]>(
      (value) => typeof value === "function",
      write("report: (result) => [ … ]"),
    ),
  },
  REPORTER,
);

const BUILD = 'a list of commands, such as ["make"]';
const configSchema = strict<FielConfig>(
  "the configuration",
  {
    scenarios: text('the path of a folder, such as "scenarios"').optional(),
    reports: text('the path of a folder, such as "reports"').optional(),
    reporters: z.array(reporter, write(`[${REPORTER}]`)).optional(),
    compare: strict<CompareConfig>(
      "compare",
      {
        scenario: text('the name of a scenario, such as "first"').optional(),
        build: z.array(text(BUILD), write(BUILD)).optional(),
      },
      '{ build: ["make"] }',
    ).optional(),
  },
  "export default defineConfig({ … })",
);

/** Gives a configuration its type; what it returns is what it was given. */
export function defineConfig(config: FielConfig): FielConfig {
  return config;
}

/** A message names the file, the line, what is wrong and what to write. */
export async function readConfig(file: string): Promise<ReadConfig> {
  const modules = await openUserModules();
  try {
    const { value } = await modules.load(file);
    const [finding] = findingsIn(configSchema, value);
    if (!finding) return { ok: true, config: value as FielConfig };
    const message = finding.message.replace(/^is /, "the default export is ");
    const place = placeOfField(modules.compiler, file, finding.path);
    return { ok: false, message: problemText({ place, message }) };
  } catch (error) {
    return { ok: false, message: problemText(whyNotLoaded(error, file, modules.publicNames)) };
  }
}
