// Where the project lies, whichever folder the command was typed in, and whether this file runs compiled or not.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const projectDirectory = findProject(import.meta.dirname);
export const compiledDirectory = join(projectDirectory, "dist");

export const projectVersion: string = JSON.parse(
  readFileSync(join(projectDirectory, "package.json"), "utf8"),
).version;

/** The folder that relative paths on the command line mean: npm changes to the project before it starts us. */
export function typingDirectory(): string {
  const startedByNpm = ["scenario", "report", "record", "compare", "calibrate"].includes(
    process.env.npm_lifecycle_event ?? "",
  );
  return (startedByNpm && process.env.INIT_CWD) || process.cwd();
}

function findProject(from: string): string {
  if (existsSync(join(from, "package.json"))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error(`no package.json above ${import.meta.dirname}`);
  return findProject(parent);
}
