import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { SsWitness } from "./ss-witness.ts";

const hasSs = spawnSync("ss", ["-V"]).status === 0;
const program = join(import.meta.dirname, "..", "..", "fixtures", "self-teller.fixture.js");
const NEVER_BY_ITSELF_MS = 1e6;

it.runIf(hasSs)(
  "What was carried until a look was wanted is filed then, however long the look takes",
  async () => {
    const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "ignore"] });
    const lines = createInterface({ input: child.stdout });
    await once(lines, "line");
    let nowMs = 0;
    const witness = new SsWitness({ intervalMs: NEVER_BY_ITSELF_MS, nowMs: () => nowMs, remedy: "" });
    const pid = child.pid!;
    expect(await witness.watch({ id: "teller", pid, pids: () => [pid], isAttached: false })).toBeNull();
    for (const wantedAtMs of [100, 200]) {
      child.stdin.write("\n");
      await once(lines, "line");
      nowMs = wantedAtMs;
      const looked = witness.look();
      nowMs += 50;
      await looked;
    }
    child.kill();
    const records = await witness.finish();
    await witness.close();
    const dialer = records.find(({ bytesWritten }) => bytesWritten > 0);
    expect(dialer?.samples).toEqual([
      { timeMs: 100, sinceMs: 0, bytesWritten: 1_000, bytesRead: 0 },
      { timeMs: 200, sinceMs: 100, bytesWritten: 2_000, bytesRead: 0 },
    ]);
  },
);
