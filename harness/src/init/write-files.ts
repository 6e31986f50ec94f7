// Puts new files into a project. What is there already stays as it is.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { NewFile } from "./templates.ts";

export interface Written {
  written: string[];
  /** Were there, and were left alone. */
  kept: string[];
}

/** Throws what the file system says. */
export async function writeFiles(
  directory: string,
  files: readonly NewFile[],
  reports: string,
): Promise<Written> {
  const result: Written = { written: [], kept: [] };
  for (const { path, content } of files) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    const isNew = await writeNew(file, content);
    (isNew ? result.written : result.kept).push(path);
  }
  const hasLine = await ignore(join(directory, ".gitignore"), reports);
  if (!hasLine) result.written.push(`.gitignore (a line for ${reports}/)`);
  return result;
}

async function writeNew(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Returns whether the line was there before. */
async function ignore(file: string, folder: string): Promise<boolean> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split(/\r?\n/).map((line) => line.trim().replace(/^\//, "").replace(/\/$/, ""));
  if (lines.includes(folder)) return true;
  const separator = text === "" || text.endsWith("\n") ? "" : "\n";
  await writeFile(file, `${text}${separator}${folder}/\n`);
  return false;
}
