// Of a capture of the whole machine, keeps what belongs to a run's ports, in a file and as figures, through tshark.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Observation } from "../witness/witness.ts";
import { observedStreams, PACKET_FIELDS } from "./captured-streams.ts";

/** Throws when tshark does not read the capture to its end. */
export async function keepRun(from: string, to: string, ports: ReadonlySet<number>): Promise<Observation[]> {
  // An ICMP error quotes a packet, which would be counted.
  const filter =
    ports.size > 0 ? `tcp.port in {${[...ports].join(",")}} and not icmp and not icmpv6` : "!frame";
  const fields = PACKET_FIELDS.flatMap((field) => ["-e", field]);
  const reading = ["-n", "-o", "tcp.desegment_tcp_streams:FALSE", "-r", from, "-Y", filter];
  const tshark = spawn("tshark", [...reading, "-w", to, "-P", "-T", "fields", ...fields], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const closed = once(tshark, "close");
  const lines: string[] = [];
  for await (const line of createInterface({ input: tshark.stdout })) lines.push(line);
  const [code] = await closed;
  if (code !== 0) throw new Error(`tshark could not read ${from}: exit code ${code}`);
  return observedStreams(lines);
}
