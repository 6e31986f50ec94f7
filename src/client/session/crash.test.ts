import { describe, expect, it } from "vitest";
import type { ControlFromClient } from "../../protocol/messages.ts";
import { type DrivenSession, MATCH_ID, Table } from "./driven-session.fixture.ts";

type Result = Extract<ControlFromClient, { name: "result" }>;
type Results = Record<"alan" | "beto", Result[]>;

const SETTLED_GRACE_MS = 2_000;

/** Plays until the match is over or one of the two is dead; the server hears, and answers, each result. */
function play(table: Table, results: Results, choose: (free: number[]) => number | undefined): void {
  for (;;) {
    results.alan.push(...answer(table.alan, results.beto));
    results.beto.push(...answer(table.beto, results.alan));
    if (table.alan.isDead || table.beto.isDead) return;
    if (!move(table.alan, choose) && !move(table.beto, choose)) return;
    table.deliver();
  }
}

/** False when it is not the player's turn. */
function move(player: DrivenSession, choose: (free: number[]) => number | undefined): boolean {
  const { match } = player.session;
  if (!match || match.transcript.state.turn !== match.symbol) return false;
  const { board } = match.transcript.state;
  const square = choose([...board.keys()].filter((index) => board[index] === null)) ?? 0;
  player.runs({ name: "send", row: Math.floor(square / 3) + 1, column: (square % 3) + 1 });
  return true;
}

/** What the server says to a player, when it knows `others`, the results of the other one; gives the player's own. */
function answer(player: DrivenSession, others: Result[]): Result[] {
  const sent = player.sent();
  if (others.length > 0 && sent.some(({ name }) => name === "playing")) {
    player.isRefused("playing", "UNKNOWN_MATCH").timerFires(SETTLED_GRACE_MS);
    sent.push(...player.sent());
  }
  const results = sent.filter((message) => message.name === "result");
  for (const { claim } of results) {
    if (claim === "ABANDONED" && others.length === 0)
      throw new Error("a match was given up that could go on");
    const outcome = claim === "ABANDONED" ? "LOST" : claim;
    player.hears({ name: "resultACK", matchId: MATCH_ID, outcome, points: outcome === "WIN" ? 2 : 0 });
  }
  return results;
}

/** Neither signed two actions with one number, so what one holds begins with what the other holds. */
function isOneMatch({ alan, beto }: Results): boolean {
  const [shorter = [], longer = []] = [alan, beto]
    .map((results) => results.at(-1)?.actions ?? [])
    .sort((one, other) => one.length - other.length);
  return shorter.every((action, index) => action.signature === longer[index]?.signature);
}

describe.each(["alan", "beto"] as const)("killed at any moment of a match", (name) => {
  it(`${name} goes on where he was, signs no number twice, and hands in the result`, () => {
    let deaths = 0;
    for (let isOver = false; !isOver; ) {
      const table = new Table();
      const results: Results = { alan: [], beto: [] };
      table[name].diesAfter(deaths);
      play(table, results, (free) => free[0]);
      isOver = !table[name].isDead;
      if (!isOver) {
        deaths += 1;
        table.restarts(name);
        // Before anybody can tell him what he had sent, he plays, and elsewhere if he has forgotten it.
        move(table[name], (free) => free.at(-1));
        table.meetAgain();
        play(table, results, (free) => free.at(-1));
      }
      expect([results.alan.length, results.beto.length]).not.toContain(0);
      expect(isOneMatch(results)).toBe(true);
      expect(table[name].disk.matches).toEqual([]);
    }
    expect(deaths).toBeGreaterThan(30);
  });
});
