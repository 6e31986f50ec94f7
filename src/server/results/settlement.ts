// How a match is settled (docs/PROTOCOL.md §8): what is known of it and one event → what is known then. Pure.
import { otherSymbol, type PlayerSymbol } from "../../game/board.ts";
import { compareTranscripts, type Transcript } from "../../game/transcript.ts";
import type { Claim, Outcome } from "../../protocol/fields.ts";
import type { MatchOutcome, MatchStatus } from "../store/store.ts";

export interface MatchRecord extends MatchStatus {
  /** Every valid transcript that was reported, except prefixes of others. */
  readonly transcripts: readonly Transcript[];
}

export interface Report {
  readonly by: PlayerSymbol;
  readonly claim: Claim;
  /** Verified. */
  readonly transcript: Transcript;
}

export interface Settlement {
  readonly record: MatchRecord;
  /** The transcript to keep, if it says anything new. */
  readonly newTranscript: Transcript | null;
}

export type ReportDecision = Settlement & {
  readonly answer: { ok: true; outcome: Outcome; points: number } | { ok: false; code: "CONFLICT" };
};

/** A player who signed twice can produce any number of transcripts; further ones change nothing. */
const MAX_TRANSCRIPTS = 32;

type Verdict = MatchStatus["verdict"];

/**
 * What a report changes, and its answer. A proof counts whoever reports it and whatever they claim, so a report that is
 * answered CONFLICT can settle a match too.
 */
export function decideReport(record: MatchRecord, { by, claim, transcript }: Report): ReportDecision {
  const newTranscript = isNew(record, transcript) ? transcript : null;
  const transcripts = newTranscript ? [...record.transcripts, transcript] : record.transcripts;
  let { hasAbandoned } = record;
  let verdict = newTranscript ? verdictWith(record, transcript) : record.verdict;
  if (!verdict && claim === "ABANDONED") {
    hasAbandoned = { ...hasAbandoned, [by]: true };
    if (hasAbandoned.X && hasAbandoned.O) verdict = { outcome: "void", basis: "judgement" };
  }
  const outcome = verdict ? outcomeFor(by, verdict.outcome) : "PENDING";
  const isAnswered = claim === outcome || claim === "ABANDONED";
  return {
    record: { transcripts, hasAbandoned, verdict },
    newTranscript,
    answer: isAnswered ? { ok: true, outcome, points: pointsFor(outcome) } : { ok: false, code: "CONFLICT" },
  };
}

/**
 * The time for a proof is up. `wasSeen` says who was connected at any moment of it. Without a report both players were
 * away, and the match is void.
 */
export function decideWithoutProof(
  record: MatchRecord,
  wasSeen: Readonly<Record<PlayerSymbol, boolean>>,
): Settlement {
  if (record.verdict) return { record, newTranscript: null };
  const reporter = abandonedBy(record);
  const outcome = reporter && !wasSeen[otherSymbol(reporter)] ? reporter : "void";
  return { record: { ...record, verdict: { outcome, basis: "judgement" } }, newTranscript: null };
}

/** Who waits for the outcome of a match that broke off, if someone does. */
export function abandonedBy({ hasAbandoned }: MatchStatus): PlayerSymbol | null {
  if (hasAbandoned.X) return "X";
  return hasAbandoned.O ? "O" : null;
}

/** How a match ended, from the side of one player. */
export function outcomeFor(symbol: PlayerSymbol, outcome: MatchOutcome): Outcome {
  if (outcome === "draw") return "DRAW";
  if (outcome === "void") return "VOID";
  return outcome === symbol ? "WIN" : "LOST";
}

export function pointsFor(outcome: Outcome): number {
  if (outcome === "WIN") return 2;
  return outcome === "DRAW" ? 1 : 0;
}

/** What a player gains or loses when one verdict takes the place of another. */
export function pointsMoved(symbol: PlayerSymbol, before: Verdict, after: Verdict): number {
  const points = (verdict: Verdict) => (verdict ? pointsFor(outcomeFor(symbol, verdict.outcome)) : 0);
  return points(after) - points(before);
}

function isNew({ transcripts }: MatchRecord, transcript: Transcript): boolean {
  if (transcript.actions.length === 0 || transcripts.length >= MAX_TRANSCRIPTS) return false;
  return !transcripts.some((kept) => {
    const compared = compareTranscripts(kept, transcript);
    return compared.kind === "extends" && compared.longer === kept;
  });
}

/** A fork decides for good; otherwise the first outcome stands, but that of two crossing proofs one rule picks. */
function verdictWith({ verdict, transcripts }: MatchRecord, added: Transcript): Verdict {
  if (verdict?.basis === "fork") return verdict;
  let standing = added;
  for (const kept of transcripts) {
    const compared = compareTranscripts(kept, added);
    if (compared.kind === "fork") return { outcome: otherSymbol(compared.cheater), basis: "fork" };
  }
  if (verdict?.basis === "judgement") return verdict;
  for (const kept of transcripts) {
    const compared = compareTranscripts(standing, kept);
    if (compared.kind === "extends") standing = compared.longer;
    if (compared.kind === "crossed") standing = compared.standing;
  }
  const { end } = standing.state;
  return end ? { outcome: end.winner ?? "draw", basis: "proof" } : verdict;
}
