// With the real dumpcap and tshark, where capturing is possible.
import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Caretaker } from "../leftovers/caretaker.ts";
import { beginCapture } from "./run-capture.ts";

const canCapture = spawnSync("dumpcap", ["-D"]).status === 0 && process.getuid?.() === 0;

/** An enhanced packet block of 100 bytes (pcapng, section 4.3), of which eight are there. */
const CUT_PACKET = Buffer.from("0600000064000000", "hex");

it.for([["as it happens", Buffer.alloc(0)] as const, ["in the middle of a packet", CUT_PACKET] as const])(
  "A capture that ended before the run did, %s, says so, and is no witness",
  async ([, last], context) => {
    if (!canCapture && !process.env.CI) return context.skip("nothing can be captured here");
    const folder = await mkdtemp(join(tmpdir(), "capture-test-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const watched: number[] = [];
    const caretaker = { watchGroup: (pid: number) => watched.push(pid), forgetGroup: () => {} };
    const capture = await beginCapture(folder, caretaker as unknown as Caretaker);
    process.kill(watched[0]!, "SIGKILL");
    await appendFile(join(folder, "machine.pcapng"), last);
    const observed = await capture.observe([]);
    expect(capture.outcome().problem).toContain("packets are missing");
    expect(observed).toEqual([]);
    expect(await readdir(folder)).toEqual(["capture.pcapng"]);
  },
);
