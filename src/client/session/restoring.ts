// Restores what earlier runs of the program left: a login, the match in progress, pending results.
import type { SessionParts } from "./from-server.ts";
import { type Kept, type KeptMatch, reopenMatch } from "./kept.ts";
import { type Match, matchIdOf } from "./match-play.ts";

export class Restoring {
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  restore({ login, matches }: Kept): void {
    if (login) this.#parts.account.restore(login);
    this.addMatches(matches);
  }

  addMatches(matches: readonly KeptMatch[]): void {
    for (const kept of matches) {
      const match = this.#reopen(kept);
      if (!match) continue;
      const { current, reports, keeping } = this.#parts;
      keeping.seat(match, kept);
      const isOver = kept.isLeft || match.transcript.state.end !== null || current.match !== null;
      if (isOver) reports.restore(match);
      // The last action may not have reached the opponent.
      if (!kept.isLeft && !current.match) current.resume(match, kept.meeting);
    }
  }

  #reopen(kept: KeptMatch): Match | null {
    const { context, current, reports } = this.#parts;
    const { signer, verify } = context.world;
    const match = reopenMatch(kept, signer, verify);
    if (!match) {
      context.say({ kind: "cannot-restore" });
      return null;
    }
    const matchId = matchIdOf(match);
    return reports.has(matchId) || current.isOn(matchId) ? null : match;
  }
}
