// The kinds of block that messages are made of: how each is read and written.
import { fromBase64url } from "../game/base64url.ts";
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from "../game/signature.ts";
import { MATCH_ID_BYTES } from "../game/ticket.ts";
import type { SignedAction } from "../game/transcript.ts";
import { isUserName } from "../game/user-name.ts";

/** One kind of block. `read` gives undefined for a malformed one. */
export interface Field<T> {
  read(text: string): T | undefined;
  write(value: T): string;
  /** The message may end before it; then it reads as undefined. */
  readonly isOptional?: boolean;
  /** Any other block in its place is ignored. */
  readonly ignoresOthers?: boolean;
  /** It takes all remaining blocks. */
  readonly isRest?: boolean;
}

function pattern(expression: RegExp): Field<string> {
  return { read: (text) => (expression.test(text) ? text : undefined), write: (text) => text };
}

function whole(minimum: number, maximum: number): Field<number> {
  const inRange = (number: number) => (number >= minimum && number <= maximum ? number : undefined);
  return {
    read: (text) => (/^(0|[1-9]\d{0,14})$/.test(text) ? inRange(Number(text)) : undefined),
    write: String,
  };
}

function choice<const T extends string>(...values: T[]): Field<T> {
  return { read: (text) => values.find((value) => value === text), write: (value) => value };
}

/** Canonical base64url; of any length when none is given. */
function base64url(length?: number): Field<string> {
  return { read: (text) => (fromBase64url(text, length) ? text : undefined), write: (text) => text };
}

export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    read: field.read,
    write: (value) => (value === undefined ? "" : field.write(value)),
    isOptional: true,
  };
}

/** All remaining blocks, each read as `field`. */
export function rest<T>(field: Field<T>): Field<T[]> & { each: Field<T> } {
  return { read: () => undefined, write: () => "", isRest: true, each: field };
}

/** Any text that is not empty. */
export const text = pattern(/./s);
/** Any text, including an empty one. */
export const anyText = pattern(/^/);
export const userName: Field<string> = {
  read: (text) => (isUserName(text) ? text : undefined),
  write: (text) => text,
};
/** An address or a name of a machine. */
export const host = pattern(/^[A-Za-z0-9.:-]{1,253}$/);
export const port = whole(1, 65_535);
export const count = whole(0, 999_999_999);
export const positive = whole(1, 999_999_999);
export const coordinate = whole(1, 3);
export const symbol = choice("X", "O");
/** `2`: this client, or the other one, plays matches with disputes (docs/PROTOCOL.md §9). */
export const disputes: Field<true | undefined> = {
  read: (text) => (text === "2" ? true : undefined),
  write: () => "2",
  isOptional: true,
  ignoresOthers: true,
};
export const flow = choice("game", "ping");
/** Of any length: a wrong one is answered as an unknown connection or session. */
export const connectionId = base64url();
export const token = base64url();
export const nonce = base64url(16);
export const publicKey = base64url(PUBLIC_KEY_BYTES);
export const signature = base64url(SIGNATURE_BYTES);
export const matchId = base64url(MATCH_ID_BYTES);
/** Two base64url parts; `openTicket` checks the signature (docs/PROTOCOL.md §5). */
export const ticket: Field<string> = {
  read: (value) =>
    value !== "" && value.split(".").every((part) => fromBase64url(part)) ? value : undefined,
  write: (value) => value,
};
export const accepted: Field<boolean> = {
  read: (value) => (value === "True" ? true : value === "False" ? false : undefined),
  write: (value) => (value ? "True" : "False"),
};
export const claim = choice("WIN", "LOST", "DRAW", "ABANDONED");
export const outcome = choice("WIN", "LOST", "DRAW", "VOID", "PENDING");

export type Claim = "WIN" | "LOST" | "DRAW" | "ABANDONED";
export type Outcome = "WIN" | "LOST" | "DRAW" | "VOID" | "PENDING";

/** `<row>,<col>,<signature>` or `end,<symbol>,<signature>`, as a result carries its actions (docs/PROTOCOL.md §8). */
export const action: Field<SignedAction> = {
  read(value) {
    const [first, second, third, ...others] = value.split(",");
    const signed = signature.read(third ?? "");
    if (signed === undefined || others.length > 0) return undefined;
    if (first === "end") {
      const who = symbol.read(second ?? "");
      return who && { kind: "end", symbol: who, signature: signed };
    }
    const row = coordinate.read(first ?? "");
    const column = coordinate.read(second ?? "");
    return row && column ? { kind: "play", row, column, signature: signed } : undefined;
  },
  write: (value) =>
    value.kind === "end"
      ? `end,${value.symbol},${value.signature}`
      : `${value.row},${value.column},${value.signature}`,
};

/** The most users in one `listACK` or `leadersACK` (docs/PROTOCOL.md §4). */
export const PAGE_LENGTH = 1_000;

export interface Presence {
  user: string;
  isPlaying: boolean;
}

export const presence: Field<Presence> = {
  read(value) {
    const [user = "", status] = value.split(":");
    if (userName.read(user) === undefined || (status !== "free" && status !== "playing")) return undefined;
    return { user, isPlaying: status === "playing" };
  },
  write: ({ user, isPlaying }) => `${user}:${isPlaying ? "playing" : "free"}`,
};

export interface Score {
  user: string;
  points: number;
}

export const score: Field<Score> = {
  read(value) {
    const [user = "", pointsText = ""] = value.split(":");
    const points = count.read(pointsText);
    return userName.read(user) === undefined || points === undefined ? undefined : { user, points };
  },
  write: ({ user, points }) => `${user}:${points}`,
};

/** Where a player listens for the other. */
export interface Listening {
  readonly gamePort: number;
  readonly pingPort: number;
  readonly announcedHost: string | undefined;
}

/** Where the invitee listens, from the blocks of a client's accepting `answer`. */
export interface PeerEndpoints extends Listening {
  readonly self: string;
}

/** The blocks after `answer;<user>;True` of a client; null when they are too few or malformed (docs/PROTOCOL.md §5). */
export function readPeerEndpoints(details: string[]): PeerEndpoints | null {
  const [gameText = "", self = "", pingText = "", hostText] = details;
  const gamePort = port.read(gameText);
  const pingPort = port.read(pingText);
  const announcedHost = hostText === undefined ? undefined : host.read(hostText);
  if (gamePort === undefined || pingPort === undefined || userName.read(self) === undefined) return null;
  if (hostText !== undefined && announcedHost === undefined) return null;
  return { gamePort, self, pingPort, announcedHost };
}

/** What the inviter is told of an accepted invitation. */
export interface AcceptedMatch {
  host: string;
  gamePort: number;
  pingPort: number;
  ticket: string;
}

/** The blocks after `answer;<user>;True` of the server; null when they are too few or malformed. */
export function readAcceptedMatch(details: string[]): AcceptedMatch | null {
  const [host = "", gameText = "", pingText = "", ticketText = ""] = details;
  const gamePort = port.read(gameText);
  const pingPort = port.read(pingText);
  if (!host || gamePort === undefined || pingPort === undefined) return null;
  return ticket.read(ticketText) === undefined ? null : { host, gamePort, pingPort, ticket: ticketText };
}
