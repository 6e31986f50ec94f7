// The user's project: where its scenarios and reports lie, and how one of its revisions is built.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Reporter } from "../reporters/reporter.ts";
import { CONFIG_NAMES, type CompareConfig, type FielConfig, readConfig } from "./config.ts";

export interface Project {
  /** Programs start here, and paths in the configuration are relative to it. */
  directory: string;
  scenarios: string;
  reports: string;
  /** The project's own, beside the usual ones. */
  reporters: readonly Reporter[];
  compare: CompareConfig;
}

type Opened = { ok: true; project: Project } | { ok: false; message: string };

/** The nearest configuration file, upwards, says where the project is; without one, the nearest package.json does. */
export async function openProject(from = process.cwd()): Promise<Opened> {
  const configFile = findUpwards(from, CONFIG_NAMES);
  const packageFile = configFile ? null : findUpwards(from, ["package.json"]);
  const file = configFile ?? packageFile;
  const directory = file ? dirname(file) : from;
  if (!configFile) return { ok: true, project: projectOf(directory, {}) };
  const read = await readConfig(configFile);
  return read.ok ? { ok: true, project: projectOf(directory, read.config) } : read;
}

function projectOf(directory: string, config: FielConfig): Project {
  const { scenarios = "scenarios", reports = "reports", reporters = [], compare = {} } = config;
  return {
    directory,
    scenarios: resolve(directory, scenarios),
    reports: resolve(directory, reports),
    reporters,
    compare,
  };
}

function findUpwards(from: string, names: readonly string[]): string | null {
  const found = names.map((name) => join(from, name)).find((path) => existsSync(path));
  if (found) return found;
  const parent = dirname(from);
  return parent === from ? null : findUpwards(parent, names);
}
