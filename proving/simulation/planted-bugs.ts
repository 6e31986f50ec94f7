// Bugs that can be planted in a simulated world, to show that the simulation finds them.
import type { Keeper } from "../../src/client/world.ts";
import type { MatchUpdate, StoredSession } from "../../src/server/store/store.ts";
import type { Clock } from "../../src/shared/clock/clock.ts";
import { MemoryStore } from "./memory-store.ts";

export interface PlantedBug {
  readonly what: string;
  readonly Store?: typeof MemoryStore;
  keeper?(keeper: Keeper): Keeper;
  serverClock?(clock: Clock): Clock;
}

/** Acknowledges a write before it is on disk. */
class EarlyStore extends MemoryStore {
  override async saveSession(session: StoredSession, passwordHash: string): Promise<boolean> {
    void super.saveSession(session, passwordHash);
    return true;
  }

  override async updateMatch(update: MatchUpdate): Promise<boolean> {
    void super.updateMatch(update);
    return true;
  }
}

/** Commits the outcome of a match and its points in two transactions. */
class TornStore extends MemoryStore {
  override async updateMatch(update: MatchUpdate): Promise<boolean> {
    const isUpdated = await super.updateMatch({ ...update, pointsAdded: [] });
    if (isUpdated) await this.addPoints(update.pointsAdded);
    return isUpdated;
  }
}

/** A client's state reaches its disk only with the next write. */
function lateKeeper(keeper: Keeper): Keeper {
  let late: Parameters<Keeper["keep"]>[0] | null = null;
  return {
    keep(kept) {
      if (late) keeper.keep(late);
      late = kept;
    },
    recall: (user) => keeper.recall(user),
    release: () => keeper.release(),
  };
}

const LONG_MS = 100_000;

function forgetfulClock(clock: Clock): Clock {
  return {
    nowMs: () => clock.nowMs(),
    after: (delayMs, run) => clock.after(delayMs, delayMs < LONG_MS ? run : () => {}),
  };
}

export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  "early-ack": { what: "the server acknowledges before the commit", Store: EarlyStore },
  "torn-commit": { what: "outcome and points are two transactions", Store: TornStore },
  "late-keep": { what: "a client sends its move before it is on disk", keeper: lateKeeper },
  "lost-timer": { what: "the server's long timers never go off", serverClock: forgetfulClock },
};
