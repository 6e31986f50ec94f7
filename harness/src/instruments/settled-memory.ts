// Loaded into a Node program (`--import`): on SIGUSR2 it collects the garbage, again and again until nothing more goes,
// and prints what is left: memory in bytes, and open descriptors.
import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MOST_ROUNDS = 8;
const PAUSE_MS = 60;
const SMALL_CHANGE_BYTES = 64 * 1024;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

process.on("SIGUSR2", async () => {
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    collect();
    // What was closed is let go of in later turns.
    await delay(PAUSE_MS);
    const { rss } = process.memoryUsage();
    if (round > 1 && before - rss < SMALL_CHANGE_BYTES) break;
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
