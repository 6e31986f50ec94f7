// Bun and Deno, which Debian lacks: from the package registry, into a folder that goes with the suite.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const RUNTIMES = [
  { program: "bun", name: "@oven/bun-linux-x64", folder: "bin" },
  { program: "deno", name: "@deno/linux-x64-glibc", folder: "." },
];

/** The PATH on which both are found, if they could be had. */
export async function pathWithRuntimes(folder: string): Promise<string> {
  const path = process.env.PATH ?? "";
  const isThere = (program: string) => path.split(delimiter).some((one) => existsSync(join(one, program)));
  const missing = RUNTIMES.filter(({ program }) => !isThere(program));
  if (missing.length === 0 || process.platform !== "linux" || process.arch !== "x64") return path;
  const names = missing.map(({ name }) => name);
  const words = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", ...names];
  // Without a registry their cases are skipped.
  await promisify(execFile)("npm", words).catch(() => {});
  const found = missing.map(({ name, folder: own }) => join(folder, "node_modules", name, own));
  return [path, ...found].join(delimiter);
}
