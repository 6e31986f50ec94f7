// A kept session as the text of its file. What is read was written by this program, but perhaps by another version.
import type { SignedAction } from "../../game/transcript.ts";
import type { Kept, KeptLogin, KeptMatch, Meeting } from "../session/kept.ts";

const VERSION = 1;

export interface KeptSession extends Kept {
  /** Host and main port. */
  server: string;
  /** When the login's token was first kept, in ms since 1970. */
  loggedInAtMs: number;
}

export function keptText(session: KeptSession): string {
  return `${JSON.stringify({ version: VERSION, ...session }, null, 1)}\n`;
}

/** Null when the text is not a kept session of this version. */
export function readKept(text: string): KeptSession | null {
  try {
    const read = objectOf(JSON.parse(text));
    if (read.version !== VERSION) return null;
    return {
      server: textOf(read.server),
      loggedInAtMs: numberOf(read.loggedInAtMs),
      login: read.login === null ? null : loginOf(objectOf(read.login)),
      matches: listOf(read.matches).map((match) => matchOf(objectOf(match))),
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

type Fields = Record<string, unknown>;

function loginOf({ user, token, privateKey }: Fields): KeptLogin {
  return { user: textOf(user), token: textOf(token), privateKey: textOf(privateKey) };
}

function matchOf(match: Fields): KeptMatch {
  return {
    self: textOf(match.self),
    privateKey: textOf(match.privateKey),
    ticketKey: textOf(match.ticketKey),
    ticket: textOf(match.ticket),
    meeting: meetingOf(objectOf(match.meeting)),
    isLeft: match.isLeft === true,
    actions: listOf(match.actions).map((action) => actionOf(objectOf(action))),
  };
}

function meetingOf({ kind, host, gamePort, pingPort }: Fields): Meeting {
  const ports = { gamePort: numberOf(gamePort), pingPort: numberOf(pingPort) };
  return kind === "dial" ? { kind, host: textOf(host), ...ports } : { kind: "listen", ...ports };
}

function actionOf({ kind, row, column, symbol, signature }: Fields): SignedAction {
  if (kind === "play")
    return { kind, row: numberOf(row), column: numberOf(column), signature: textOf(signature) };
  if (kind === "end" && (symbol === "X" || symbol === "O"))
    return { kind, symbol, signature: textOf(signature) };
  throw new TypeError("not an action");
}

function objectOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null) throw new TypeError("not an object");
  return value as Fields;
}

function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("not a text");
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== "number") throw new TypeError("not a number");
  return value;
}
