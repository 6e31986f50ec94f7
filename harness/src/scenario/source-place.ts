// Places in the files that a user wrote: how they are found in stack traces, and how they are shown.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isOwnFile } from "../own-package.ts";

export interface Place {
  /** Absolute. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1; left out where it is not known exactly. */
  column?: number;
}

/** `at name (file:line:column)` or `at file:line:column`; the path itself may have parentheses. */
const FRAME = /^at (?:.*? \()?((?:file:\/\/)?\/[^<>]*?):(\d+):\d+\)?$/;

/** Remembers where `method` was called. To be called before its first await; costs little until the place is asked for. */
export function callSite(method: (...args: never[]) => unknown): () => Place | null {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, method);
  return () => framesOf(holder.stack)[0] ?? null;
}

/** Where `method`, which runs, was called. */
export function callerOf(method: (...args: never[]) => unknown): Place | null {
  return callSite(method)();
}

/** Where in the user's own files an error was thrown, or passed through first. */
export function placeOfError(thrown: unknown): Place | null {
  const frames = framesOf(thrown instanceof Error ? thrown.stack : undefined);
  return frames.find(({ file }) => !isOwnFile(file) && !file.includes("/node_modules/")) ?? null;
}

/** Columns are those of the compiled module, so only lines are kept. */
function framesOf(stack: string | undefined): Place[] {
  return (stack ?? "").split("\n").flatMap((text) => {
    const [, file, line] = FRAME.exec(text.trim()) ?? [];
    if (file === undefined) return [];
    return [{ file: file.startsWith("file:") ? fileURLToPath(file) : file, line: Number(line) }];
  });
}

/** `file:line:column`, the file as seen from the current folder if that is shorter. */
export function placeText({ file, line, column }: Place): string {
  return [shortPath(file), line, ...(column === undefined ? [] : [column])].join(":");
}

export function shortPath(file: string): string {
  const fromHere = relative(process.cwd(), file);
  return fromHere.length < file.length ? fromHere : file;
}

/** The line itself, with a mark below the column if that is known. */
export function excerptAt({ file, line, column }: Place): string[] {
  const text = lineOf(file, line);
  if (text.trim() === "" || text.length > 160) return [];
  const number = `${line}`;
  const excerpt = [`${number} | ${text}`];
  if (column !== undefined) excerpt.push(`${" ".repeat(number.length)} | ${" ".repeat(column - 1)}^`);
  return excerpt;
}

function lineOf(file: string, line: number): string {
  try {
    return (readFileSync(file, "utf8").split("\n")[line - 1] ?? "").trimEnd().replaceAll("\t", " ");
  } catch {
    return "";
  }
}
