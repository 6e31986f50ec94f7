// Everything a client tells its user, as data; the texts turn it into words.
import type { Board, PlayerSymbol, Square } from "../../game/board.ts";
import type { IllegalAction } from "../../game/match.ts";
import type { Claim, Outcome, Presence, Score } from "../../protocol/fields.ts";

export type RefusalReason =
  | "NOT_CONNECTED"
  | "NOT_LOGGED_IN"
  | "LOGGED_IN"
  | "IN_MATCH"
  | "NO_MATCH"
  | "INVITING"
  | "INVITED"
  | "NOT_INVITING"
  | "NO_QUESTION"
  | "CONNECTED"
  | "TOO_EARLY_TO_LEAVE";

export type Notice =
  | { kind: "connected"; server: string }
  | { kind: "server-lost"; isMatchOn: boolean }
  | { kind: "server-back" }
  | { kind: "server-given-up"; seconds: number }
  | { kind: "reconnecting" }
  | { kind: "replaced" }
  | { kind: "first-use"; server: string; fingerprint: string }
  | {
      kind: "certificate-changed";
      server: string;
      expected: string;
      shown: string;
      where: string;
      knownAs?: string | undefined;
    }
  | { kind: "certificate-expired"; server: string }
  | { kind: "secure-failed"; reason: string }
  | { kind: "user-created"; user: string }
  | { kind: "logged-in"; user: string }
  | { kind: "logged-out" }
  /** `user`: it was a login of an earlier run. */
  | { kind: "session-ended"; user?: string | undefined }
  /** Logged in with the saved login of an earlier run. */
  | { kind: "resumed"; user: string }
  | { kind: "not-kept"; reason: string }
  | { kind: "action-not-kept"; reason: string }
  | { kind: "cannot-restore" }
  | { kind: "password-changed" }
  | {
      kind: "server-refused";
      request: string;
      code: string;
      text: string;
      seconds?: number | undefined;
      user?: string | undefined;
    }
  | { kind: "out-of-place"; command: string; reason: RefusalReason; user: string | null }
  | { kind: "users"; users: Presence[]; self: string | null }
  | { kind: "leaders"; scores: Score[]; self: string | null }
  | { kind: "inviting"; user: string }
  | { kind: "invitation-refused"; user: string; reason: string }
  | { kind: "invited"; user: string }
  | { kind: "invitation-ended"; user: string; reason: string }
  | { kind: "invitation-withdrawn"; user: string }
  | { kind: "declined"; user: string }
  | { kind: "cannot-listen"; reason: string }
  | { kind: "bad-ticket"; opponent: string }
  | { kind: "match-started"; opponent: string; symbol: PlayerSymbol }
  | { kind: "match-resumed"; opponent: string; symbol: PlayerSymbol }
  | { kind: "match-unknown"; opponent: string }
  | { kind: "cannot-listen-again"; reason: string }
  | { kind: "board"; board: Board; last: Square | null }
  | { kind: "your-move" }
  | { kind: "waiting"; opponent: string }
  | { kind: "illegal"; code: IllegalAction; square: Square | null; opponent: string }
  | { kind: "you-played"; square: Square }
  | { kind: "opponent-played"; opponent: string; square: Square }
  | { kind: "you-gave-up" }
  | { kind: "opponent-gave-up"; opponent: string }
  | { kind: "peer-lost"; opponent: string }
  | { kind: "peer-back"; opponent: string }
  | { kind: "peer-gone"; opponent: string; seconds: number }
  | { kind: "opponent-idle"; opponent: string; seconds: number }
  | { kind: "you-left"; opponent: string }
  | { kind: "delays"; latestMs: readonly number[] }
  | { kind: "result-waits"; claim: Claim }
  /** From an earlier run. */
  | { kind: "result-owed"; user: string; opponent: string }
  | { kind: "result"; opponent: string; outcome: Outcome; points: number }
  | { kind: "result-refused"; opponent: string; code: string; text: string }
  | { kind: "rematch"; opponent: string }
  | { kind: "rematch-waits"; opponent: string; seconds: number }
  | { kind: "rematch-withdrawn" }
  | { kind: "rematch-declined"; opponent: string };
