// The capture of one run: everything while it is on, and afterwards only what its programs said. Where none can be
// made the run goes on without, and its report says why.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Caretaker } from "../leftovers/caretaker.ts";
import type { CaptureOutcome } from "../result/result.ts";
import type { Observation, Observer, SocketEnds } from "../witness/witness.ts";
import { keepRun } from "./keep-run.ts";
import { PacketCapture } from "./packet-capture.ts";

export const CAPTURE_FILE = "capture.pcapng";
const CUT_SHORT = "dumpcap ended before the run did, or the disk is full, so packets are missing";

/** Its `observe` ends the capture and leaves it in the folder. */
export interface RunCapture extends Observer {
  /** Of what was observed. */
  outcome(): CaptureOutcome;
}

/** Resolves when it is live. */
export async function beginCapture(folder: string, caretaker?: Caretaker): Promise<RunCapture> {
  await mkdir(folder, { recursive: true });
  const everything = join(folder, "machine.pcapng");
  const started = await PacketCapture.start(everything, caretaker);
  let outcome: CaptureOutcome = {
    packets: 0,
    packetsDropped: 0,
    problem: started.ok ? null : started.message,
  };

  async function keepOf(sockets: readonly SocketEnds[]): Promise<Observation[]> {
    if (!started.ok) return [];
    const { isWhole, ...count } = await started.capture.stop();
    const ports = new Set(
      sockets.map(({ side, local, remote }) => (side === "dialer" ? remote : local).port),
    );
    outcome = { ...count, problem: isWhole ? null : CUT_SHORT };
    try {
      const observations = await keepRun(everything, join(folder, CAPTURE_FILE), ports);
      return isWhole ? observations : [];
    } catch (error) {
      // Whatever was killed while it wrote leaves a packet of which tshark finds the beginning only.
      outcome.problem ??= (error as Error).message;
      return [];
    }
  }

  return {
    name: "captured",
    outcome: () => outcome,
    async observe(sockets) {
      const observations = await keepOf(sockets);
      await rm(everything, { force: true });
      return observations;
    },
  };
}
