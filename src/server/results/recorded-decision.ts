// A decision on a match, stored before anybody is told. Several servers may decide on one match at the same time: the
// store accepts a decision on the newest version only, and a server that was late decides again.
import { playerOf, type Ticket } from "../../game/ticket.ts";
import type { MatchUpdate, Store, StoredMatch, UserPoints } from "../store/store.ts";
import { matchRecord, storedActions } from "./match-record.ts";
import { type MatchRecord, pointsMoved, type Settlement } from "./settlement.ts";

export type RecordedDecision<Decision extends Settlement> = Decision & {
  readonly before: MatchRecord;
  readonly pointsAdded: readonly UserPoints[];
};

/** Pure, because it may run again; null changes nothing. */
export type Decide<Decision extends Settlement> = (
  record: MatchRecord,
  stored: StoredMatch,
) => Decision | null;

/** Null when `decide` gives null, or for an unknown match. */
export async function recordDecision<Decision extends Settlement>(
  store: Store,
  ticket: Ticket,
  decide: Decide<Decision>,
): Promise<RecordedDecision<Decision> | null> {
  for (;;) {
    const stored = await store.findMatch(ticket.matchId);
    const before = stored && matchRecord(stored, ticket);
    const decision = before && decide(before, stored);
    if (!decision) return null;
    const pointsAdded = pointsOf(ticket, before, decision.record);
    const isKept =
      !hasChanged(before, decision) || (await store.updateMatch(updateOf(stored, decision, pointsAdded)));
    if (isKept) return { ...decision, before, pointsAdded };
  }
}

function hasChanged(before: MatchRecord, { record: after, newTranscript }: Settlement): boolean {
  return (
    newTranscript !== null || before.verdict !== after.verdict || before.hasAbandoned !== after.hasAbandoned
  );
}

function updateOf(
  { matchId, version }: StoredMatch,
  { record: status, newTranscript }: Settlement,
  pointsAdded: readonly UserPoints[],
): MatchUpdate {
  const actions = newTranscript && storedActions(newTranscript);
  return { matchId, version, status, newTranscript: actions, pointsAdded };
}

function pointsOf(ticket: Ticket, before: MatchRecord, after: MatchRecord): UserPoints[] {
  return (["X", "O"] as const)
    .map((symbol) => ({
      user: playerOf(ticket, symbol).user,
      points: pointsMoved(symbol, before.verdict, after.verdict),
    }))
    .filter(({ points }) => points !== 0);
}
