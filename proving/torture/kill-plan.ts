// When the server is to be killed, drawn from a seed: at any moment, or aimed at the narrow windows where an
// acknowledgement could be lost or a result counted twice. Pure.
import { type Chance, chance } from "../../src/shared/chance/chance.ts";
import type { Asked } from "./history.ts";

export type Aim =
  | { kind: "any moment" }
  /** So long after such a request left. */
  | { kind: "after a request"; request: Asked["kind"]; afterMs: number }
  /** When the store's file is written to, perhaps for such a request: the change is made, and not acknowledged. */
  | { kind: "at a commit"; request: Asked["kind"] | null; afterMs: number }
  /** Before it listens. */
  | { kind: "while starting" };

export interface PlannedKill {
  readonly aim: Aim;
  /** From when the server listens, or, while it starts, from its start. */
  readonly afterMs: number;
}

/** Most of the load is left to come back before it is hit again: clients try 0.5 s after a loss. */
const SHORTEST_LIFE_MS = 400;
const LONGEST_LIFE_MS = 1_300;
const STARTING_MS = 250;

/** Passwords are hashed first, which takes some 15 ms and more in a queue; the rest is answered within a few. */
const windows: readonly [Asked["kind"], number][] = [
  ["result", 4],
  ["result", 4],
  ["answer", 4],
  ["logout", 4],
  ["adduser", 60],
  ["passwd", 90],
  ["login", 60],
  ["resume", 8],
];

export function planKills(seed: number, count: number): PlannedKill[] {
  const random = chance(seed, "kills");
  return Array.from({ length: count }, () => {
    const aim = planAim(random);
    const [shortestMs, longestMs] =
      aim.kind === "while starting" ? [0, STARTING_MS] : [SHORTEST_LIFE_MS, LONGEST_LIFE_MS];
    return { aim, afterMs: shortestMs + random.fraction() * (longestMs - shortestMs) };
  });
}

function planAim(random: Chance): Aim {
  const which = random.fraction();
  if (which < 0.3) return { kind: "any moment" };
  if (which < 0.4) return { kind: "while starting" };
  if (which < 0.7) {
    const request = random.fraction() < 0.5 ? "result" : null;
    return { kind: "at a commit", request, afterMs: random.fraction() < 0.5 ? 0 : random.fraction() * 3 };
  }
  const [request, withinMs] = windows[Math.floor(random.fraction() * windows.length)]!;
  return { kind: "after a request", request, afterMs: random.fraction() * withinMs };
}
