// The ticket that the server signs for one match: who plays, with which keys (docs/PROTOCOL.md §5).
import { fromBase64url, toBase64url } from "./base64url.ts";
import { otherSymbol, type PlayerSymbol } from "./board.ts";
import { PUBLIC_KEY_BYTES, type Signer, type Verify } from "./signature.ts";
import { isSameUser } from "./user-name.ts";

export interface Ticket {
  readonly matchId: string;
  readonly inviter: string;
  readonly inviterKey: string;
  readonly invitee: string;
  readonly inviteeKey: string;
  /** Seconds since 1970. */
  readonly issuedAtSeconds: number;
  /** Of a match with disputes (docs/PROTOCOL.md §9). */
  readonly moveLimitSeconds?: number;
}

export const MATCH_ID_BYTES = 12;

/** `<payload>.<signature>`, as it goes over the wire. */
export function signTicket(ticket: Ticket, server: Signer): string {
  const { matchId, inviter, inviterKey, invitee, inviteeKey, issuedAtSeconds, moveLimitSeconds } = ticket;
  const fields = ["v1", matchId, inviter, inviterKey, invitee, inviteeKey, issuedAtSeconds];
  if (moveLimitSeconds !== undefined) fields.push(moveLimitSeconds);
  const payload = Buffer.from(fields.join(";"));
  return `${toBase64url(payload)}.${server.sign(payload)}`;
}

/** The ticket in `text`, or null when it is malformed or not signed with `ticketKey`. */
export function openTicket(text: string, ticketKey: string, verify: Verify): Ticket | null {
  const [payloadText, signature, ...rest] = text.split(".");
  if (payloadText === undefined || signature === undefined || rest.length > 0) return null;
  const payload = fromBase64url(payloadText);
  if (!payload || !verify(ticketKey, payload, signature)) return null;
  return parsePayload(payload.toString("utf8"));
}

function parsePayload(payload: string): Ticket | null {
  const [version, matchId, inviter, inviterKey, invitee, inviteeKey, issued, limit] = payload.split(";");
  if (version !== "v1" || !matchId || !inviter || !inviterKey || !invitee || !inviteeKey || !issued)
    return null;
  if (!fromBase64url(matchId, MATCH_ID_BYTES)) return null;
  if (!fromBase64url(inviterKey, PUBLIC_KEY_BYTES) || !fromBase64url(inviteeKey, PUBLIC_KEY_BYTES))
    return null;
  if (!/^\d{1,12}$/.test(issued)) return null;
  const ticket = { matchId, inviter, inviterKey, invitee, inviteeKey, issuedAtSeconds: Number(issued) };
  return limit && /^\d{1,9}$/.test(limit) ? { ...ticket, moveLimitSeconds: Number(limit) } : ticket;
}

/** The symbol that `user`, in any case, plays in the match, or null if it is not theirs. The inviter is X. */
export function symbolOf(ticket: Ticket, user: string): PlayerSymbol | null {
  if (isSameUser(user, ticket.inviter)) return "X";
  return isSameUser(user, ticket.invitee) ? "O" : null;
}

export function playerOf(ticket: Ticket, symbol: PlayerSymbol): { user: string; publicKey: string } {
  return symbol === "X"
    ? { user: ticket.inviter, publicKey: ticket.inviterKey }
    : { user: ticket.invitee, publicKey: ticket.inviteeKey };
}

export function opponentOf(ticket: Ticket, symbol: PlayerSymbol): { user: string; publicKey: string } {
  return playerOf(ticket, otherSymbol(symbol));
}
