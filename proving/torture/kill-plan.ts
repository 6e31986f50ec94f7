// Draws from a seed when the server is killed: at any moment, or in the narrow windows where an acknowledgement could be
// lost or a result counted twice. Pure.
import { type Chance, chance } from "../../src/shared/chance/chance.ts";
import type { RequestKind } from "./history.ts";

export type Trigger =
  | { kind: "any moment" }
  /** This long after such a request was sent. */
  | { kind: "after a request"; request: RequestKind; afterMs: number }
  /** When the store's file is written to, perhaps for such a request: the change is made and not yet acknowledged. */
  | { kind: "at a commit"; request: RequestKind | null; afterMs: number }
  /** Before it listens. */
  | { kind: "while starting" };

export interface PlannedKill {
  readonly trigger: Trigger;
  /** Since the server listens; for a kill while it starts, since its start. */
  readonly afterMs: number;
}

/** Long enough for most of the load to come back before the next kill: clients try again after 0.5 s. */
const SHORTEST_UPTIME_MS = 400;
const LONGEST_UPTIME_MS = 1_300;
const STARTING_MS = 250;

/** Hashing a password takes about 15 ms, more in a queue; everything else is answered within a few milliseconds. */
const windows: readonly [RequestKind, number][] = [
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
    const trigger = planTrigger(random);
    const [shortestMs, longestMs] =
      trigger.kind === "while starting" ? [0, STARTING_MS] : [SHORTEST_UPTIME_MS, LONGEST_UPTIME_MS];
    return { trigger, afterMs: shortestMs + random.fraction() * (longestMs - shortestMs) };
  });
}

function planTrigger(random: Chance): Trigger {
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
