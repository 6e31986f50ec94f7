// A revision of the project, checked out and built in a temporary folder, separate from the working tree.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { makeTemporaryFolder } from "../leftovers/temporary-folder.ts";
import type { Project } from "../project/project.ts";

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** Only the end of a failed build's output is reported: it usually has the reason. */
const LAST_LINES = 30;

export interface Revision {
  /** The name as given, and its commit. */
  name: string;
  /** The folder of the project in the checkout. */
  directory: string;
  scenarios: string;
  remove(): Promise<void>;
}

/** Null if git does not know the name. */
export async function findCommit(name: string, directory: string): Promise<string | null> {
  const words = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  return git(directory, ...words).catch(() => null);
}

type Built = { ok: true; value: Revision } | { ok: false; message: string };

/** The message of a failure has the output of git or of the build. `onStep` receives each step. */
export async function buildRevision(
  name: string,
  commit: string,
  project: Project,
  onStep: (step: string) => void,
): Promise<Built> {
  const top = await git(project.directory, "rev-parse", "--show-toplevel");
  const prefix = await git(project.directory, "rev-parse", "--show-prefix");
  const parent = await makeTemporaryFolder("revision");
  const checkout = join(parent, commit.slice(0, 12));
  const directory = join(checkout, prefix);
  const remove = async () => {
    await git(top, "worktree", "remove", "--force", checkout).catch(() => {});
    await rm(parent, { recursive: true, force: true });
    await git(top, "worktree", "prune");
  };
  try {
    await git(top, "worktree", "add", "--quiet", "--detach", checkout, commit);
    if (project.compare.build) await runAll(project.compare.build, directory, onStep);
    else await buildWithNpm(directory, project, onStep);
    const scenarios = join(directory, relative(project.directory, project.scenarios));
    return { ok: true, value: { name: `${name} (${commit.slice(0, 9)})`, directory, scenarios, remove } };
  } catch (cause) {
    await remove();
    return { ok: false, message: `${name} cannot be built: ${outputOf(cause)}` };
  }
}

async function runAll(commands: readonly string[], directory: string, onStep: (step: string) => void) {
  for (const command of commands) {
    onStep(command);
    await run("/bin/sh", ["-c", command], { cwd: directory, maxBuffer: MAX_OUTPUT_BYTES });
  }
}

/** Does nothing without a package.json. Shares node_modules if the lock file is the same, otherwise installs. */
async function buildWithNpm(directory: string, project: Project, onStep: (step: string) => void) {
  const manifest = await textOf(join(directory, "package.json"));
  if (manifest === null) return;
  const lock = await textOf(join(directory, "package-lock.json"));
  const isSameLock = lock !== null && lock === (await textOf(join(project.directory, "package-lock.json")));
  const installed = join(project.directory, "node_modules");
  const commands: string[] = [];
  if (isSameLock && existsSync(installed)) await symlink(installed, join(directory, "node_modules"));
  else commands.push(`${lock === null ? "npm install" : "npm ci"} --no-audit --no-fund`);
  const { scripts = {} } = JSON.parse(manifest) as { scripts?: Record<string, string> };
  if (scripts.build !== undefined) commands.push("npm run --silent build");
  await runAll(commands, directory, onStep);
}

function textOf(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch(() => null);
}

function outputOf(cause: unknown): string {
  const { message, stdout = "", stderr = "" } = cause as Error & { stdout?: string; stderr?: string };
  const lines = `${stdout}${stderr}`.trim().split("\n").slice(-LAST_LINES);
  return [message.split("\n")[0], ...lines].join("\n").trim();
}

async function git(directory: string, ...words: string[]): Promise<string> {
  const { stdout } = await run("git", words, { cwd: directory });
  return stdout.trim();
}
