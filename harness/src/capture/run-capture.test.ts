// With the real dumpcap and tshark, where capturing is possible.
import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { fakeCaretaker } from "../leftovers/caretaker.fixture.ts";
import { beginCapture } from "./run-capture.ts";

const canCapture = spawnSync("dumpcap", ["-D"]).status === 0 && process.getuid?.() === 0;

/** The first eight bytes of an enhanced packet block of 100 bytes (pcapng, section 4.3). */
const CUT_PACKET = Buffer.from("0600000064000000", "hex");

it.for([["between packets", Buffer.alloc(0)] as const, ["in the middle of a packet", CUT_PACKET] as const])(
  "A capture that ended before the run, %s, reports it and gives no observations",
  async ([, last], context) => {
    if (!canCapture && !process.env.CI) return context.skip("nothing can be captured here");
    const folder = await mkdtemp(join(tmpdir(), "capture-test-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const groups = new Set<number>();
    const capture = await beginCapture(folder, fakeCaretaker(groups));
    const [dumpcap] = groups;
    process.kill(dumpcap!, "SIGKILL");
    await appendFile(join(folder, "machine.pcapng"), last);
    const observed = await capture.observe([]);
    expect(capture.outcome().problem).toContain("packets are missing");
    expect(observed).toEqual([]);
    expect(await readdir(folder)).toEqual(["capture.pcapng"]);
  },
);
