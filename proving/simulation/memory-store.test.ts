import { describe } from "vitest";
import { describeStore } from "../../src/server/store/store-contract.fixture.ts";
import { MemoryStore } from "./memory-store.ts";
import { ServerDisk } from "./server-disk.ts";

/** A machine whose time passes by itself. */
const machine = {
  isAlive: true,
  after(_delayMs: number, run: () => void) {
    const immediate = setImmediate(run);
    return () => clearImmediate(immediate);
  },
  wait: () => new Promise<void>((resolve) => setImmediate(resolve)),
};

const times = { commitMs: () => 0, replyMs: () => 0 };
const nothing = () => {};
const watch = { isBroken: () => false, beforeChange: nothing, beforeCommit: nothing, afterCommit: nothing };

describe("the simulated store", () => {
  describeStore(async () => {
    const disk = new ServerDisk();
    return async () => new MemoryStore(disk, machine, times, watch);
  });
});
