// A revision of this project, checked out and built in a temporary folder beside nobody's work.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeTemporaryFolder } from "../leftovers/temporary-folder.ts";
import { projectDirectory } from "../project.ts";

const run = promisify(execFile);

export interface Revision {
  /** As it was given, and the commit it names. */
  name: string;
  scenarios: string;
  remove(): Promise<void>;
}

/** Null for what git does not know. */
export async function findCommit(name: string): Promise<string | null> {
  try {
    const { stdout } = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`);
    return stdout.trim();
  } catch {
    return null;
  }
}

/** Throws with what git, npm or the compiler said. */
export async function buildRevision(name: string, commit: string): Promise<Revision> {
  const parent = await makeTemporaryFolder("revision");
  const directory = join(parent, commit.slice(0, 12));
  const remove = async () => {
    await git("worktree", "remove", "--force", directory).catch(() => {});
    await rm(parent, { recursive: true, force: true });
    await git("worktree", "prune");
  };
  try {
    await git("worktree", "add", "--quiet", "--detach", directory, commit);
    await install(directory);
    await run("npm", ["run", "--silent", "build"], { cwd: directory });
    return {
      name: `${name} (${commit.slice(0, 9)})`,
      scenarios: join(directory, "scenarios"),
      remove,
    };
  } catch (cause) {
    await remove();
    const said = cause instanceof Error && "stdout" in cause ? `\n${cause.stdout}` : "";
    throw new Error(`${name} cannot be built: ${cause instanceof Error ? cause.message : cause}${said}`, {
      cause,
    });
  }
}

/** The same dependencies are shared, others are installed. */
async function install(directory: string): Promise<void> {
  const [theirs, ours] = await Promise.all(
    [directory, projectDirectory].map((folder) => readFile(join(folder, "package-lock.json"), "utf8")),
  );
  const installed = join(projectDirectory, "node_modules");
  if (theirs === ours && existsSync(installed)) await symlink(installed, join(directory, "node_modules"));
  else await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: directory });
}

function git(...args: string[]) {
  return run("git", args, { cwd: projectDirectory });
}
