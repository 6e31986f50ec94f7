// The old program's users.txt: name, password and perhaps points, a line each. Pure.

import { isUserName, MAX_USER_NAME_LENGTH, userKey } from "../../game/user-name.ts";
import { isUsableHash, looksHashed } from "./password-hash.ts";

export interface UserLine {
  readonly lineNumber: number;
  readonly user: string;
  readonly password: string;
  readonly points: number;
}

export interface BadLine {
  readonly lineNumber: number;
  readonly problem: string;
}

export type UsersFile = { ok: true; users: UserLine[] } | { ok: false; badLines: BadLine[] };

const MAX_POINTS = 999_999_999;

/** Fields are separated by tabs, or by spaces in a line without tabs. Empty lines are skipped. */
export function readUsersFile(bytes: Uint8Array): UsersFile {
  const users: UserLine[] = [];
  const badLines: BadLine[] = [];
  const lineNumbers = new Map<string, number>();
  for (const [index, line] of linesOf(bytes).entries()) {
    const lineNumber = index + 1;
    const read = line === null ? "it is not UTF-8: save the file as UTF-8" : readLine(line);
    if (read === null) continue;
    const problem = typeof read === "string" ? read : repetition(read.user, lineNumbers);
    if (problem !== null) badLines.push({ lineNumber, problem });
    if (typeof read === "string" || problem !== null) continue;
    lineNumbers.set(userKey(read.user), lineNumber);
    users.push({ ...read, lineNumber });
  }
  return badLines.length === 0 ? { ok: true, users } : { ok: false, badLines };
}

function repetition(user: string, lineNumbers: ReadonlyMap<string, number>): string | null {
  const earlier = lineNumbers.get(userKey(user));
  return earlier === undefined ? null : `${user} is already in line ${earlier}: remove one of them`;
}

/** What the line says, null for an empty one, or what is wrong with it. */
function readLine(line: string): Omit<UserLine, "lineNumber"> | string | null {
  if (line.trim() === "") return null;
  const fields = line.includes("\t") ? line.replace(/\t+ *$/, "").split("\t") : line.trim().split(/ +/);
  const [user = "", password = "", pointsText = "0", ...others] = fields;
  if (fields.length < 2 || others.length > 0)
    return `it has ${fields.length} fields: write a name, a password and optionally points, separated by tabs`;
  if (!isUserName(user))
    return `"${user}" is no user name: it takes 1 to ${MAX_USER_NAME_LENGTH} of A-Z a-z 0-9 _ . -`;
  if (password === "") return "the password is empty: write one after the first tab";
  if (looksHashed(password) && !isUsableHash(password))
    return "the password looks like a hash and is none that can be used: write an argon2id hash, or the password itself";
  const points = pointsOf(pointsText.trim());
  if (points === null)
    return `"${pointsText}" is no number of points: write a whole number from 0 to ${MAX_POINTS}`;
  return { user, password, points };
}

function pointsOf(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** null for a line that is not UTF-8. */
function linesOf(bytes: Uint8Array): (string | null)[] {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  return lines.map((line) => {
    try {
      return decoder.decode(Buffer.from(line.replace(/\r$/, ""), "latin1"));
    } catch {
      return null;
    }
  });
}
