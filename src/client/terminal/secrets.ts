// Keeps passwords that are typed into a command off the screen and out of the history.
import { isSecret, isWord, type Parameter, wordParameters } from "../words.ts";

/** The line as the screen may show it, of the same length. */
export function maskSecrets(line: string): string {
  const start = startOfSecrets(line);
  return start === null ? line : line.slice(0, start) + line.slice(start).replace(/\S/g, "*");
}

/** The line as the history may keep it. */
export function withoutSecrets(line: string): string {
  const start = startOfSecrets(line);
  return (start === null ? line : line.slice(0, start)).trim();
}

function startOfSecrets(line: string): number | null {
  const word = line.trimStart().split(/\s/, 1)[0]?.toLowerCase() ?? "";
  if (!isWord(word)) return null;
  const parameters: readonly Parameter[] = wordParameters[word];
  const position = parameters.findIndex(isSecret);
  if (position < 0) return null;
  const before = new RegExp(`^\\s*\\S+(?:\\s+\\S+){${position}}\\s+`).exec(line);
  return before ? before[0].length : null;
}
