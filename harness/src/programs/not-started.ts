// Why a program cannot be started, and what to write instead.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { closestName } from "../scenario/closest-name.ts";

export interface WhyNotStarted {
  message: string;
  hints: string[];
}

/** Null if there is such a program. Looked at before the start, as far as the system itself would say too little. */
export function whyNotStarted(
  file: string,
  cwd: string,
  path = process.env.PATH ?? "",
): WhyNotStarted | null {
  if (!isFolder(cwd)) return { message: `the folder ${cwd} does not exist`, hints: [] };
  if (file.includes("/")) return whyNotFile(resolve(cwd, file), file);
  const folders = path.split(delimiter);
  if (folders.some((folder) => isExecutable(join(folder, file)))) return null;
  return { message: `there is no program "${file}" on PATH`, hints: hintsFor(file, folders, cwd) };
}

function whyNotFile(path: string, file: string): WhyNotStarted | null {
  if (!existsSync(path)) {
    const closest = closestName(basename(path), programsIn(dirname(path)));
    const hints = closest ? [`Did you mean "${join(dirname(path), closest)}"?`] : [];
    return { message: `there is no file ${path}`, hints };
  }
  if (isFolder(path)) return { message: `${path} is a folder`, hints: [] };
  if (!isExecutable(path)) {
    const hints = [`Run: chmod +x ${file}, or start the program that runs it, such as python3`];
    return { message: `${path} is not executable`, hints };
  }
  const [, interpreter] = /^#!\s*(\S+)/.exec(firstBytes(path)) ?? [];
  if (interpreter === undefined || existsSync(interpreter)) return null;
  return { message: `${path} names an interpreter that does not exist: ${interpreter}`, hints: [] };
}

function hintsFor(file: string, folders: string[], cwd: string): string[] {
  if (/\s/.test(file))
    return [
      `Write each word by itself: command: ${JSON.stringify(file.trim().split(/\s+/)).replaceAll('","', '", "')}`,
    ];
  if (existsSync(join(cwd, file))) return [`There is a file of that name in ${cwd}: write "./${file}"`];
  const closest = closestName(file, folders.flatMap(programsIn));
  return [closest ? `Did you mean "${closest}"?` : "Is it installed, and spelled like this?"];
}

function programsIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function firstBytes(path: string): string {
  try {
    return readFileSync(path, "latin1").slice(0, 200);
  } catch {
    return "";
  }
}
