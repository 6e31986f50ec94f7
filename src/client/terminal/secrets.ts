// Keeps passwords that are typed into a command off the screen and out of the history.
import { argumentsBeforeSecrets } from "../commands.ts";

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
  const count = argumentsBeforeSecrets(word);
  if (count === null) return null;
  const before = new RegExp(`^\\s*\\S+(?:\\s+\\S+){${count}}\\s+`).exec(line);
  return before ? before[0].length : null;
}
