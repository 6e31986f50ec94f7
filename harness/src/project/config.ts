// The optional configuration file of a project, `fiel.config.ts` or one of its siblings.
import { closestName } from "../scenario/closest-name.ts";
import { whyNotLoaded } from "../scenario/load-error.ts";
import { problemText } from "../scenario/scenario-folder.ts";
import { openUserModules } from "../scenario/user-module.ts";

export interface FielConfig {
  /** The folder of the scenarios, relative to this file. Default: "scenarios". */
  scenarios?: string;
  /** The folder that reports go to, relative to this file. Default: "reports". */
  reports?: string;
  /**
   * Shell commands that install and build a revision for `fiel compare`, one after another, in a fresh checkout.
   * Default: `npm ci` where there is a package.json, then `npm run build` where it has such a script.
   */
  build?: string[];
}

export const CONFIG_NAMES = ["ts", "mts", "js", "mjs", "cjs"].map((extension) => `fiel.config.${extension}`);

const SETTINGS: Record<keyof FielConfig, { isValid(value: unknown): boolean; wanted: string }> = {
  scenarios: { isValid: isText, wanted: "the path of a folder" },
  reports: { isValid: isText, wanted: "the path of a folder" },
  build: {
    isValid: (value) => Array.isArray(value) && value.every(isText),
    wanted: 'a list of commands, such as ["make"]',
  },
};

type ReadConfig = { ok: true; config: FielConfig } | { ok: false; message: string };

/** Gives a configuration its type; what it returns is what it was given. */
export function defineConfig(config: FielConfig): FielConfig {
  return config;
}

export async function readConfig(file: string): Promise<ReadConfig> {
  const modules = await openUserModules();
  try {
    const { value: config } = await modules.load(file);
    const problem = problemOf(config);
    return problem
      ? { ok: false, message: `${file}: ${problem}` }
      : { ok: true, config: config as FielConfig };
  } catch (error) {
    return { ok: false, message: problemText(whyNotLoaded(error, file, modules.publicNames)) };
  }
}

function problemOf(config: unknown): string | null {
  if (typeof config !== "object" || config === null)
    return "it must export its settings: export default defineConfig({ … })";
  for (const [name, value] of Object.entries(config)) {
    if (!Object.hasOwn(SETTINGS, name)) return unknownSetting(name);
    const { isValid, wanted } = SETTINGS[name as keyof FielConfig];
    if (value !== undefined && !isValid(value))
      return `"${name}" must be ${wanted}, and is ${JSON.stringify(value)}`;
  }
  return null;
}

function unknownSetting(name: string): string {
  const known = Object.keys(SETTINGS);
  const closest = closestName(name, known);
  const hint = closest ? `did you mean "${closest}"?` : `there are ${known.join(", ")}`;
  return `there is no setting "${name}"; ${hint}`;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
