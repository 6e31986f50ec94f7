// What a crowd of bots will do, drawn from a seed before anything happens: who they are, when each comes, who plays
// whom, every move, when each looks around. Pure.

import { emptyBoard, freeSquares, type PlayerSymbol, place, type Square, winner } from "../game/board.ts";
import { chance, digest, shuffled } from "../shared/chance/chance.ts";

export interface ScheduleOptions {
  seed: number;
  clients: number;
  matches: number;
  /** Clients that connect per second. */
  rampPerSecond: number;
}

export interface PlannedMember {
  readonly name: string;
  readonly password: string;
  /** Since the start of the run. */
  readonly comesAtMs: number;
}

export interface PlannedMatch {
  /** 1, 2, … */
  readonly number: number;
  /** Indices of the members. X invites. */
  readonly x: number;
  readonly o: number;
  readonly moves: readonly Square[];
  readonly winner: PlayerSymbol | null;
}

export interface Schedule {
  readonly members: readonly PlannedMember[];
  readonly matches: readonly PlannedMatch[];
}

export function planCrowd({ seed, clients, matches, rampPerSecond }: ScheduleOptions): Schedule {
  const digits = String(clients).length;
  const members = Array.from({ length: clients }, (_, index) => {
    const name = `bot-${seed}-${String(index + 1).padStart(digits, "0")}`;
    const password = digest(seed, `password/${name}`).toString("base64url").slice(0, 24);
    return { name, password, comesAtMs: (index * 1_000) / rampPerSecond };
  });
  const pairs = clients < 2 ? [] : planPairs(seed, clients, matches);
  return { members, matches: pairs.map((pair, index) => ({ ...pair, ...planMatch(seed, index + 1) })) };
}

/**
 * All members are paired again in each round. Members who play their matches in this order never deadlock: both players
 * of the first unplayed match are free.
 */
function planPairs(seed: number, clients: number, matches: number): { x: number; o: number }[] {
  const everybody = Array.from({ length: clients }, (_, index) => index);
  const pairs: { x: number; o: number }[] = [];
  for (let round = 0; pairs.length < matches; round++) {
    const order = shuffled(everybody, chance(seed, `round/${round}`));
    for (let first = 0; first + 1 < clients && pairs.length < matches; first += 2) {
      pairs.push(withRoles(seed, order[first] as number, order[first + 1] as number));
    }
  }
  return pairs;
}

/** Players who meet again keep their symbols, as in a rematch. */
function withRoles(seed: number, one: number, other: number): { x: number; o: number } {
  const [low, high] = one < other ? [one, other] : [other, one];
  return chance(seed, `roles/${low}/${high}`).fraction() < 0.5 ? { x: low, o: high } : { x: high, o: low };
}

export function planMatch(seed: number, number: number): Pick<PlannedMatch, "number" | "moves" | "winner"> {
  const moves: Square[] = [];
  let board = emptyBoard;
  for (const square of shuffled(freeSquares(emptyBoard), chance(seed, `match/${number}`))) {
    board = place(board, square, moves.length % 2 === 0 ? "X" : "O");
    moves.push(square);
    if (winner(board)) break;
  }
  return { number, moves, winner: winner(board) };
}

export interface PlannedLook {
  readonly command: "list" | "leaders";
  /** Since the look before, or since the login. */
  readonly afterMs: number;
}

/** The endless sequence of one member's looks: pauses from half to one and a half of `meanPauseMs`. */
export function* planLooks(seed: number, name: string, meanPauseMs: number): Generator<PlannedLook, never> {
  const { fraction } = chance(seed, `looks/${name}`);
  for (;;) {
    const afterMs = meanPauseMs * (0.5 + fraction());
    yield { command: fraction() < 0.5 ? "list" : "leaders", afterMs };
  }
}
