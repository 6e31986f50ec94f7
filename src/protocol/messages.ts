// Every message of the protocol, a table for each connection and direction; the types come from the tables.
// docs/PROTOCOL.md says what each means. Reading and writing them is in codec.ts.
import * as field from "./fields.ts";

type Shape = Record<string, field.Field<unknown>>;
export type MessageTable = Record<string, Shape>;

type ValueOf<F> = F extends field.Field<infer T> ? T : never;
type OptionalNames<S> = { [K in keyof S]: undefined extends ValueOf<S[K]> ? K : never }[keyof S];
type Blocks<S> = { [K in Exclude<keyof S, OptionalNames<S>>]: ValueOf<S[K]> } & {
  [K in OptionalNames<S> & keyof S]?: ValueOf<S[K]>;
};

/** The union of a table's messages: `{ name, …blocks }`. */
export type Message<T> = { [N in keyof T]: { name: N } & Blocks<T[N]> }[keyof T];

const { optional, rest, userName, text, anyText, port } = field;

/** Control connection, client to server (§3, §4, §5, §6, §8). */
export const controlFromClient = {
  list: { offset: optional(field.count) },
  leaders: { offset: optional(field.count) },
  logout: {},
  exit: {},
  begin: {
    user: userName,
    gamePort: optional(port),
    pingPort: optional(port),
    announcedHost: optional(field.host),
  },
  cancel: { user: userName },
  inviteACK: { user: userName },
  inviteERR: { user: userName, code: text },
  /** `details` of an acceptance: readPeerEndpoints. */
  answer: { user: userName, accepted: field.accepted, details: rest(anyText) },
  answerACK: { user: userName },
  playing: { ticket: field.ticket },
  result: {
    self: userName,
    opponent: userName,
    claim: field.claim,
    ticket: field.ticket,
    actions: rest(field.action),
  },
} satisfies MessageTable;

/** Control connection, server to client. */
export const controlFromServer = {
  secport: { tlsPort: port, connectionId: field.connectionId },
  listACK: { users: rest(field.presence) },
  leadersACK: { scores: rest(field.score) },
  logoutACK: {},
  exitACK: {},
  beginACK: { user: userName, disputes: field.disputes },
  cancelACK: { user: userName },
  invite: { user: userName, disputes: field.disputes },
  cancel: { user: userName, reason: text },
  /** `details` of an acceptance: readAcceptedMatch; of a refusal: the reason. */
  answer: { user: userName, accepted: field.accepted, details: rest(anyText) },
  /** The last three: where the inviter listens. */
  answerACK: {
    user: userName,
    ticket: optional(field.ticket),
    host: optional(text),
    gamePort: optional(port),
    pingPort: optional(port),
  },
  playingACK: { matchId: field.matchId },
  resultACK: { matchId: field.matchId, outcome: field.outcome, points: field.count },
  settled: { matchId: field.matchId, outcome: field.outcome, points: field.count },
  disconnect: { reason: text },
} satisfies MessageTable;

/** TLS connection, client to server (§2). */
export const tlsFromClient = {
  bind: { connectionId: field.connectionId },
  adduser: { user: anyText, password: anyText },
  login: {
    user: anyText,
    password: anyText,
    publicKey: optional(field.publicKey),
    disputes: field.disputes,
  },
  resume: { token: field.token, publicKey: optional(field.publicKey), disputes: field.disputes },
  passwd: { oldPassword: anyText, newPassword: anyText },
} satisfies MessageTable;

/** TLS connection, server to client. */
export const tlsFromServer = {
  bindACK: { ticketKey: field.publicKey },
  adduserACK: { user: userName },
  loginACK: { user: userName, token: field.token },
  resumeACK: { user: userName, token: field.token },
  passwdACK: {},
} satisfies MessageTable;

/** Heartbeat connection, client to server (§2). */
export const heartbeatFromClient = {
  heartbeat: { connectionId: field.connectionId },
  pong: { n: field.positive },
} satisfies MessageTable;

/** Heartbeat connection, server to client; `secport` comes first, as on every connection of the main port. */
export const heartbeatFromServer = {
  secport: controlFromServer.secport,
  heartbeatACK: { intervalMs: field.positive },
  ping: { n: field.positive },
} satisfies MessageTable;

/** Game connection between the players, both ways (§7). */
export const game = {
  join: { flow: field.flow, matchId: field.matchId, user: userName, nonce: field.nonce },
  proof: { signature: field.signature },
  play: { row: field.coordinate, column: field.coordinate, n: field.positive, signature: field.signature },
  end: { symbol: field.symbol, n: field.positive, signature: field.signature },
  have: { n: field.count },
} satisfies MessageTable;

/** Delay connection between the players, both ways (§7). */
export const delay = {
  join: game.join,
  proof: game.proof,
  ping: { n: field.positive },
  pong: { n: field.positive },
} satisfies MessageTable;

export type ControlFromClient = Message<typeof controlFromClient>;
export type ControlFromServer = Message<typeof controlFromServer>;
export type TlsFromClient = Message<typeof tlsFromClient>;
export type TlsFromServer = Message<typeof tlsFromServer>;
export type HeartbeatFromClient = Message<typeof heartbeatFromClient>;
export type HeartbeatFromServer = Message<typeof heartbeatFromServer>;
export type GameMessage = Message<typeof game>;
export type DelayMessage = Message<typeof delay>;

const everyTable: MessageTable[] = [
  controlFromClient,
  controlFromServer,
  tlsFromClient,
  tlsFromServer,
  heartbeatFromClient,
  heartbeatFromServer,
  game,
  delay,
];

/** Whether any connection knows a message of that name, in either direction. */
export function isKnownName(name: string): boolean {
  return everyTable.some((table) => Object.hasOwn(table, name));
}
