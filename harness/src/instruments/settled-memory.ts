// Loaded into a Node program (`--import`): on SIGUSR2 it collects garbage until memory no longer shrinks, and prints
// what remains: memory in bytes, and open descriptors.
import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MAX_ROUNDS = 8;
const PAUSE_MS = 60;
const NEGLIGIBLE_BYTES = 64 * 1024;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

process.on("SIGUSR2", async () => {
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    collect();
    // Closed resources are released in later turns of the event loop.
    await delay(PAUSE_MS);
    const { rss } = process.memoryUsage();
    if (round > 1 && before - rss < NEGLIGIBLE_BYTES) break;
    before = rss;
  }
  const { rss: rssBytes, heapUsed: heapBytes } = process.memoryUsage();
  console.log(`settled ${JSON.stringify({ rssBytes, heapBytes, descriptors: descriptors() })}`);
});

function descriptors(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}
