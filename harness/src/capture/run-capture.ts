// The capture of one run: everything while it is on, and afterwards only what its programs said. Where none can be
// made the run goes on without, and its report says why.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Caretaker } from "../leftovers/caretaker.ts";
import type { CaptureOutcome, MeasuredSocket } from "../result/result.ts";
import type { Observation } from "../witness/observation.ts";
import { keepRun } from "./keep-run.ts";
import { PacketCapture } from "./packet-capture.ts";

export const CAPTURE_FILE = "capture.pcapng";
const CUT_SHORT = "dumpcap ended before the run did, or the disk is full, so packets are missing";

type Ends = Pick<MeasuredSocket, "local" | "remote" | "side">;

export interface RunCapture {
  /** Leaves the capture in the folder. */
  finish(sockets: readonly Ends[]): Promise<{ outcome: CaptureOutcome; observed: Observation[] }>;
}

/** Resolves when it is live. */
export async function beginCapture(folder: string, caretaker?: Caretaker): Promise<RunCapture> {
  await mkdir(folder, { recursive: true });
  const everything = join(folder, "machine.pcapng");
  const started = await PacketCapture.start(everything, caretaker);
  return {
    async finish(sockets) {
      if (!started.ok) {
        await rm(everything, { force: true });
        return { outcome: { packets: 0, packetsDropped: 0, problem: started.message }, observed: [] };
      }
      const { isWhole, ...count } = await started.capture.stop();
      const ports = new Set(
        sockets.map(({ side, local, remote }) => (side === "dialer" ? remote : local).port),
      );
      try {
        const observed = await keepRun(everything, join(folder, CAPTURE_FILE), ports);
        return isWhole
          ? { outcome: { ...count, problem: null }, observed }
          : { outcome: { ...count, problem: CUT_SHORT }, observed: [] };
      } catch (error) {
        // Whatever was killed while it wrote leaves a packet of which tshark finds the beginning only.
        const problem = isWhole ? (error as Error).message : CUT_SHORT;
        return { outcome: { ...count, problem }, observed: [] };
      } finally {
        await rm(everything, { force: true });
      }
    },
  };
}
