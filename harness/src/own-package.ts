// This package's own files, wherever it is installed and whether this module is bundled or not.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const packageDirectory = findPackage(import.meta.dirname);

export const packageVersion: string = JSON.parse(
  readFileSync(join(packageDirectory, "package.json"), "utf8"),
).version;

/** The path of a built file: a program to start, a module to load into another program, or something to read. */
export function builtFile(...path: string[]): string {
  return join(packageDirectory, "dist", ...path);
}

/** Whether a file is code of this package, and not of somebody who uses it. */
export function isOwnFile(path: string): boolean {
  return path.startsWith(join(packageDirectory, "dist", "/"));
}

function findPackage(from: string): string {
  if (existsSync(join(from, "package.json"))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error(`no package.json above ${import.meta.dirname}`);
  return findPackage(parent);
}
