// Editing one line: keys in, text and cursor out. Pure; drawing is left to the screen.
import { graphemesOf } from "./graphemes.ts";

export interface EditedLine {
  readonly text: string;
  /** A position in the text, never inside one visible character. */
  readonly cursor: number;
  /** How far back in the history the line is; 0 is the line being typed. */
  readonly historyIndex: number;
  /** The line that was being typed before going back. */
  readonly draft: string;
}

/** As `readline.emitKeypressEvents` reports it. */
export interface Key {
  name?: string | undefined;
  ctrl?: boolean | undefined;
  meta?: boolean | undefined;
  sequence?: string | undefined;
}

export type Edit =
  | { kind: "edited"; line: EditedLine }
  | { kind: "submit" | "interrupt" | "end-of-input" | "complete" | "clear-screen" };

export const emptyLine: EditedLine = { text: "", cursor: 0, historyIndex: 0, draft: "" };

/** `history` has the latest line first. */
export function editLine(line: EditedLine, key: Key, history: readonly string[]): Edit {
  if (key.ctrl) return controlKey(line, key.name ?? "", history);
  switch (key.name) {
    case "return":
    case "enter":
      return { kind: "submit" };
    case "tab":
      return { kind: "complete" };
    case "backspace":
      return key.meta ? edited(cutWord(line)) : edited(cut(line, left(line), line.cursor));
    case "delete":
      return edited(cut(line, line.cursor, right(line)));
    case "left":
      return edited(move(line, left(line)));
    case "right":
      return edited(move(line, right(line)));
    case "home":
      return edited(move(line, 0));
    case "end":
      return edited(move(line, line.text.length));
    case "up":
      return edited(recall(line, line.historyIndex + 1, history));
    case "down":
      return edited(recall(line, line.historyIndex - 1, history));
  }
  const typed = key.sequence ?? "";
  const isText = !key.meta && typed !== "" && !/[\u0000-\u001f\u007f]/.test(typed);
  return edited(isText ? insert(line, typed) : line);
}

/** The line after completing the word before the cursor from `candidates`, which are whole words. */
export function completeWord(line: EditedLine, candidates: readonly string[]): EditedLine {
  const before = line.text.slice(0, line.cursor);
  const word = before.slice(before.lastIndexOf(" ") + 1);
  const fitting = candidates.filter((candidate) => candidate.startsWith(word));
  const [first] = fitting;
  if (first === undefined) return line;
  const shared = fitting.reduce(sharedStart, first);
  return insert(line, shared.slice(word.length) + (fitting.length === 1 ? " " : ""));
}

export function lineOf(text: string): EditedLine {
  return { ...emptyLine, text, cursor: text.length };
}

function controlKey(line: EditedLine, name: string, history: readonly string[]): Edit {
  switch (name) {
    case "c":
      return { kind: "interrupt" };
    case "d":
      return line.text === "" ? { kind: "end-of-input" } : edited(cut(line, line.cursor, right(line)));
    case "l":
      return { kind: "clear-screen" };
    case "a":
      return edited(move(line, 0));
    case "e":
      return edited(move(line, line.text.length));
    case "b":
      return edited(move(line, left(line)));
    case "f":
      return edited(move(line, right(line)));
    case "h":
      return edited(cut(line, left(line), line.cursor));
    case "u":
      return edited(cut(line, 0, line.cursor));
    case "k":
      return edited(cut(line, line.cursor, line.text.length));
    case "w":
      return edited(cutWord(line));
    case "p":
      return edited(recall(line, line.historyIndex + 1, history));
    case "n":
      return edited(recall(line, line.historyIndex - 1, history));
    default:
      return edited(line);
  }
}

/** The positions beside the cursor. */
function left({ text, cursor }: EditedLine): number {
  return cursor - (graphemesOf(text.slice(0, cursor)).at(-1)?.length ?? 0);
}

function right({ text, cursor }: EditedLine): number {
  return cursor + (graphemesOf(text.slice(cursor)).at(0)?.length ?? 0);
}

const edited = (line: EditedLine): Edit => ({ kind: "edited", line });

function move(line: EditedLine, cursor: number): EditedLine {
  return { ...line, cursor: Math.max(0, Math.min(cursor, line.text.length)) };
}

function insert(line: EditedLine, typed: string): EditedLine {
  const text = line.text.slice(0, line.cursor) + typed + line.text.slice(line.cursor);
  return { ...line, text, cursor: line.cursor + typed.length };
}

function cut(line: EditedLine, from: number, to: number): EditedLine {
  const start = Math.max(0, from);
  const text = line.text.slice(0, start) + line.text.slice(to);
  return { ...line, text, cursor: Math.min(start, text.length) };
}

function cutWord(line: EditedLine): EditedLine {
  const before = line.text.slice(0, line.cursor);
  return cut(line, before.replace(/\S*\s*$/, "").length, line.cursor);
}

function recall(line: EditedLine, index: number, history: readonly string[]): EditedLine {
  if (index < 0 || index > history.length) return line;
  const draft = line.historyIndex === 0 ? line.text : line.draft;
  const text = index === 0 ? draft : (history[index - 1] ?? "");
  return { text, cursor: text.length, historyIndex: index, draft };
}

function sharedStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}
