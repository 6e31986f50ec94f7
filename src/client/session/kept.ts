// What has to survive a client's process, as data: its login, the match in progress, pending results
// (docs/PROTOCOL.md §6–§8). Storing it is left to others.
import type { Signer, Verify } from "../../game/signature.ts";
import { replay, type SignedAction } from "../../game/transcript.ts";
import { type Match, openMatch } from "./match-play.ts";

export interface KeptLogin {
  user: string;
  token: string;
  privateKey: string;
}

/** How the players meet: the ports on which the invitee listens, or the address that the inviter dials. */
export type Meeting =
  | { kind: "listen"; gamePort: number; pingPort: number }
  | { kind: "dial"; host: string; gamePort: number; pingPort: number };

export interface KeptMatch {
  self: string;
  privateKey: string;
  ticketKey: string;
  ticket: string;
  meeting: Meeting;
  /** This player broke it off, so a result is due although the actions do not end the match. */
  isLeft: boolean;
  actions: readonly SignedAction[];
}

export interface Kept {
  login: KeptLogin | null;
  /** The match that is on, and those whose result the server has not acknowledged. */
  matches: readonly KeptMatch[];
}

export const nothingKept: Kept = { login: null, matches: [] };

/** The match as it was, every signature checked; null when what was kept is not valid. */
export function reopenMatch(
  kept: KeptMatch,
  signer: (privateKey: string) => Signer,
  verify: Verify,
): Match | null {
  const match = openMatch(kept.ticket, kept.ticketKey, kept.self, signer(kept.privateKey), verify);
  if (!match) return null;
  const replayed = replay(kept.ticket, match.transcript.ticket, kept.actions, verify);
  return replayed.ok ? { ...match, transcript: replayed.transcript } : null;
}
