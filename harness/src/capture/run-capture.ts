// The capture of one run: it records all packets of the machine and then keeps only those of the run's ports. If no
// capture can be made, the run continues without one, and its report says why.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Caretaker } from "../leftovers/caretaker.ts";
import type { CaptureOutcome } from "../result/result.ts";
import type { Observation, Observer, SocketEnds } from "../witness/witness.ts";
import { observedStreams, PACKET_FIELDS } from "./captured-streams.ts";
import { PacketCapture } from "./packet-capture.ts";

export const CAPTURE_FILE = "capture.pcapng";
const CUT_SHORT = "dumpcap ended before the run did, or the disk is full, so packets are missing";

/** `observe` ends the capture and leaves the file in the folder. */
export interface RunCapture extends Observer {
  outcome(): CaptureOutcome;
}

/** Resolves when the capture is live. */
export async function beginCapture(folder: string, caretaker?: Caretaker): Promise<RunCapture> {
  await mkdir(folder, { recursive: true });
  const everything = join(folder, "machine.pcapng");
  const started = await PacketCapture.start(everything, caretaker);
  let outcome: CaptureOutcome = {
    packets: 0,
    packetsDropped: 0,
    problem: started.ok ? null : started.message,
  };

  async function finish(sockets: readonly SocketEnds[]): Promise<Observation[]> {
    if (!started.ok) return [];
    const { isWhole, ...count } = await started.capture.stop();
    const ports = new Set(
      sockets.map(({ side, local, remote }) => (side === "dialer" ? remote : local).port),
    );
    outcome = { ...count, problem: isWhole ? null : CUT_SHORT };
    try {
      const observations = await extractPorts(everything, join(folder, CAPTURE_FILE), ports);
      return isWhole ? observations : [];
    } catch (error) {
      // A dumpcap that was killed while it wrote leaves an incomplete packet, which tshark rejects.
      outcome.problem ??= (error as Error).message;
      return [];
    }
  }

  return {
    name: "captured",
    outcome: () => outcome,
    async observe(sockets) {
      const observations = await finish(sockets);
      await rm(everything, { force: true });
      return observations;
    },
  };
}

/** Writes the packets of these ports to a file of their own. Throws if tshark cannot read the capture to its end. */
async function extractPorts(from: string, to: string, ports: ReadonlySet<number>): Promise<Observation[]> {
  // An ICMP error quotes a packet, which must not be counted.
  const filter =
    ports.size > 0 ? `tcp.port in {${[...ports].join(",")}} and not icmp and not icmpv6` : "!frame";
  const fields = PACKET_FIELDS.flatMap((field) => ["-e", field]);
  const input = ["-n", "-o", "tcp.desegment_tcp_streams:FALSE", "-r", from, "-Y", filter];
  const tshark = spawn("tshark", [...input, "-w", to, "-P", "-T", "fields", ...fields], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const closed = once(tshark, "close");
  const lines: string[] = [];
  for await (const line of createInterface({ input: tshark.stdout })) lines.push(line);
  const [code] = await closed;
  if (code !== 0) throw new Error(`tshark could not read ${from}: exit code ${code}`);
  return observedStreams(lines);
}
