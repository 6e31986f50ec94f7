// A match that got its outcome, or another one after a fork was proven: what its players are told.
import type { PlayerSymbol } from "../../game/board.ts";
import { playerOf, type Ticket } from "../../game/ticket.ts";
import type { Outcome } from "../../protocol/fields.ts";
import type { MatchOutcome } from "../store/store.ts";
import { outcomeFor, pointsFor } from "./settlement.ts";

export interface Settled {
  readonly matchId: string;
  readonly inviter: string;
  readonly invitee: string;
  readonly outcome: MatchOutcome;
  /** The players who did not get it as the answer to their own report. */
  readonly toTell: readonly { user: string; outcome: Outcome; points: number }[];
}

export function settledFor(ticket: Ticket, outcome: MatchOutcome, answered: PlayerSymbol | null): Settled {
  const { matchId, inviter, invitee } = ticket;
  const toTell = (["X", "O"] as const)
    .filter((symbol) => symbol !== answered)
    .map((symbol) => {
      const own = outcomeFor(symbol, outcome);
      return { user: playerOf(ticket, symbol).user, outcome: own, points: pointsFor(own) };
    });
  return { matchId, inviter, invitee, outcome, toTell };
}
