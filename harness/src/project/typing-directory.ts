// npm changes to the project's folder before it starts a script, so relative paths on the command line are not relative
// to the current folder then.
import { dirname, relative } from "node:path";

/** Where the user typed. */
export function typingDirectory(): string {
  const { npm_command: command, npm_package_json: packageFile, INIT_CWD: typedIn } = process.env;
  const isNpmScript =
    isRunByNpm(command) && packageFile !== undefined && dirname(packageFile) === process.cwd();
  return (isNpmScript && typedIn) || process.cwd();
}

/** A path as short as the user can type it. */
export function fromHere(path: string): string {
  const short = relative(typingDirectory(), path);
  return short.length > 0 && short.length < path.length ? short : path;
}

/** Whether `npm run` started this program. Its own word for that has changed with version 11. */
export function isRunByNpm(npmCommand: string | undefined): boolean {
  return npmCommand === "run-script" || npmCommand === "run";
}
