// Checks before a run that a command can write its files, so that no run is lost. The trial removes everything that it
// made.
import { mkdir, open, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The reason why no file can be written at `path`, or null. The folder need not exist yet. */
export async function fileProblem(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (!found) return folderProblem(dirname(path), path);
  if (found.isDirectory()) return `Cannot write ${path}: it is a folder; name a file in it`;
  // A pipe or a device is not opened before the run.
  return found.isFile() ? tried(path, async () => (await open(path, "a")).close()) : null;
}

/** The reason why no files can be written into `folder`, or null. `path` is the path that the user gave. */
export function folderProblem(folder: string, path = folder): Promise<string | null> {
  return tried(path, async () => {
    const made = await makeFolder(folder);
    const trial = join(folder, `.trial-${process.pid}`);
    await (await open(trial, "wx")).close();
    await rm(trial);
    for (const each of made.toReversed()) if (!(await removed(each))) break;
  });
}

/** False if another run has written something into it meanwhile. */
async function removed(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOTEMPTY") return false;
      throw error;
    },
  );
}

/** Returns the new folders, outermost first. (Node's own `recursive` never returns in a folder such as /proc.) */
async function makeFolder(folder: string): Promise<string[]> {
  try {
    await mkdir(folder);
    return [folder];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return [];
    const parents = code === "ENOENT" ? await makeFolder(dirname(folder)) : [];
    if (parents.length === 0) throw error;
    await mkdir(folder);
    return [...parents, folder];
  }
}

async function tried(path: string, trial: () => Promise<void>, attempts = 5): Promise<string | null> {
  try {
    await trial();
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Another run that starts at the same time may have removed a folder after its own trial.
    if (code === "ENOENT" && attempts > 1) return tried(path, trial, attempts - 1);
    return `Cannot write ${path} (${code ?? message}); name a place that you may write to`;
  }
}
