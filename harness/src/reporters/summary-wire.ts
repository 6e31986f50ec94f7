// The wire's part of the byte ledger: segments, headers and what was sent again, and three witnesses side by side.

import { wireLevels } from "../ledger/wire-levels.ts";
import { flowsOf } from "../result/byte-series.ts";
import type { RunResult } from "../result/result.ts";
import { escaped, table } from "../text/markdown.ts";

const NOTE =
  "What the measured programs sent, each byte at its writer: TCP payload, IP and TCP headers, payload sent again. " +
  "A residual is what a witness counted otherwise than the probe, over all its connections and directions.";

export function wireSection(result: RunResult): string {
  const isWitnessed = result.sockets.some(({ kernel, captured }) => kernel || captured);
  if (!isWitnessed) return captureLine(result);
  const rows = flowsOf(result).map(({ name, label }) => {
    const sockets = result.sockets.filter(({ flow }) => flow === name);
    const { from, payload, segments, headers, retransmitted, kernel, capture } = wireLevels(sockets);
    const witness = ({ sockets: seen, residual }: typeof kernel) =>
      seen === 0 ? "–" : `${residual} (${seen} of ${sockets.length} sockets)`;
    return [
      escaped(label),
      payload,
      ...(from
        ? [segments, headers, retransmitted, payload + headers + retransmitted]
        : ["–", "–", "–", "–"]),
      from ?? "–",
      witness(kernel),
      witness(capture),
    ];
  });
  const header = [
    ...["Flow", "TCP payload", "Segments", "Headers", "Sent again", "On the wire", "By"],
    ...["Kernel's residual", "Capture's residual"],
  ];
  return `### On the wire\n\n${NOTE}\n\n${table(header, rows)}${captureLine(result)}`;
}

function captureLine({ capture }: RunResult): string {
  if (!capture) return "";
  const { packets, packetsDropped, problem } = capture;
  if (problem) return `\nThere is no capture to go by: ${escaped(problem)}.\n`;
  return `\n[capture.pcapng](capture.pcapng) holds the packets of this run's ports, of ${packets} TCP packets of the machine; ${packetsDropped} were dropped.\n`;
}
