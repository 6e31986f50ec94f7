// Observes every line that is written and every transaction on the server's disk, and reports violations.
import type { PlayerSymbol } from "../../src/game/board.ts";
import { isSameUser, userKey } from "../../src/game/user-name.ts";
import { parseMessage } from "../../src/protocol/codec.ts";
import { action as actionField } from "../../src/protocol/fields.ts";
import { controlFromClient } from "../../src/protocol/messages.ts";
import { hashOfToken } from "../../src/server/accounts/sessions.ts";
import { outcomeFor, pointsFor } from "../../src/server/results/settlement.ts";
import type { MatchUpdate } from "../../src/server/store/store.ts";
import type { MatchRow, ServerDisk } from "./server-disk.ts";

/** What a player claimed about a match, with the actions as on the wire. */
interface Claimed {
  claim: string;
  actions: readonly string[];
}

export class Witness {
  readonly violations: string[] = [];
  readonly #disk: ServerDisk;
  /** Match → symbol → the last report. */
  readonly #claims = new Map<string, Partial<Record<PlayerSymbol, Claimed>>>();

  constructor(disk: ServerDisk) {
    this.#disk = disk;
  }

  report(what: string): void {
    this.violations.push(what);
  }

  get claims(): ReadonlyMap<string, Partial<Record<PlayerSymbol, Claimed>>> {
    return this.#claims;
  }

  /** The server is about to send this line: what it acknowledges must be on disk. */
  serverSays(line: string): void {
    const [name = "", ...blocks] = line.split(";");
    switch (name) {
      case "adduserACK":
        this.#mustHold(this.#disk.accounts.has(userKey(blocks[0] ?? "")), line, "the account");
        break;
      case "loginACK":
      case "resumeACK":
        this.#mustHold(this.#disk.pastTokens.has(hashOfToken(blocks[1] ?? "")), line, "the session");
        break;
      case "answerACK":
        if (blocks[1]) this.#mustHold(this.#matchOfTicket(blocks[1]) !== undefined, line, "the match");
        break;
      case "answer":
        if (blocks[1] === "True")
          this.#mustHold(this.#matchOfTicket(blocks[5] ?? "") !== undefined, line, "the match");
        break;
      case "resultACK":
      case "settled":
        this.#outcomeReported(line, blocks[0] ?? "", blocks[1] ?? "", Number(blocks[2]));
    }
  }

  /** A client is about to send this line to the server. */
  clientReports(line: string): void {
    const parsed = parseMessage(controlFromClient, line);
    if (!parsed.ok || parsed.message.name !== "result") return;
    const { ticket, self, claim, actions } = parsed.message;
    const match = this.#matchOfTicket(ticket);
    if (!match) {
      this.report(`a result for a match that is not on disk: ${line}`);
      return;
    }
    const symbol = isSameUser(match.inviter, self) ? "X" : "O";
    const known = this.#claims.get(match.matchId) ?? {};
    this.#claims.set(match.matchId, {
      ...known,
      [symbol]: { claim, actions: actions.map(actionField.write) },
    });
  }

  /** A transaction is about to change a match, unless its version has changed meanwhile. */
  matchChanges({ matchId, version, status, newTranscript, pointsAdded }: MatchUpdate): void {
    const match = this.#disk.matches.get(matchId);
    if (match?.version !== version) return;
    const before = match.verdict;
    const after = status.verdict;
    if (after?.basis === "fork")
      this.report(`match ${matchId}: an honest player is recorded as having signed twice`);
    const isCrossing = match.transcripts.some((kept) =>
      hasCrossed(kept.split(";"), newTranscript?.split(";")),
    );
    if (isCrossing && before?.basis === "proof") return;
    if (before && after?.outcome !== before.outcome)
      this.report(`match ${matchId}: the outcome ${before.outcome} became ${after?.outcome ?? "none"}`);
    if (before && pointsAdded.length > 0) this.report(`match ${matchId}: points were given twice`);
  }

  #outcomeReported(line: string, matchId: string, outcome: string, points: number): void {
    const match = this.#disk.matches.get(matchId);
    const recorded = match?.verdict?.outcome;
    const possible = recorded
      ? (["X", "O"] as const).map((symbol) => outcomeFor(symbol, recorded))
      : ["PENDING"];
    this.#mustHold(
      possible.some((each) => each === outcome),
      line,
      "the outcome",
    );
    const expected = possible.find((each) => each === outcome);
    if (expected && points !== pointsFor(expected as "WIN")) this.report(`wrong points reported: ${line}`);
  }

  #mustHold(isHeld: boolean, line: string, what: string): void {
    if (!isHeld) this.report(`acknowledged, but ${what} is not on disk: ${line.slice(0, 100)}`);
  }

  #matchOfTicket(ticket: string): MatchRow | undefined {
    const payload = Buffer.from(ticket.split(".")[0] ?? "", "base64url").toString();
    return this.#disk.matches.get(payload.split(";")[1] ?? "");
  }
}

/** Both acted at the same time, and one of them gave up: docs/PROTOCOL.md §7 says which action counts. */
export function hasCrossed(one: readonly string[], other: readonly string[] = []): boolean {
  const index = one.findIndex((action, at) => action !== other[at]);
  const [first, second] = [one[index], other[index]];
  return first !== undefined && second !== undefined && (first.startsWith("end") || second.startsWith("end"));
}
