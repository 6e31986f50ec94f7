// The project that is measured: where it lies, and which folder the paths that somebody typed are relative to.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

export const projectDirectory = findProject(process.cwd()) ?? process.cwd();

/** npm changes to the project's folder before it starts a script; `INIT_CWD` is where the user typed. */
export function typingDirectory(): string {
  const { npm_command: command, npm_package_json: packageFile, INIT_CWD: typedIn } = process.env;
  const isNpmScript =
    command === "run-script" && packageFile !== undefined && dirname(packageFile) === process.cwd();
  return (isNpmScript && typedIn) || process.cwd();
}

function findProject(from: string): string | null {
  if (existsSync(join(from, "package.json"))) return from;
  const parent = dirname(from);
  return parent === from ? null : findProject(parent);
}
