// The byte ledger of summary.md: payload by type of message, what TLS added to it, and the TCP payload it makes, with
// what does not add up. Only sockets whose payload was counted are in it, each byte at its writer.
import { payloadByType } from "../ledger/payload-by-type.ts";
import type { MeasuredSocket, RunResult } from "../result/result.ts";
import { escaped, table } from "../text/markdown.ts";

export function payloadSection(result: RunResult): string {
  const counted = result.sockets.filter(({ messages }) => messages !== undefined);
  if (counted.length === 0) return "";
  const labels = new Map(result.flows.map(({ name, label }) => [name, label]));
  const label = (flow: string) => escaped(labels.get(flow) ?? flow);
  const levels = [...new Set(counted.map(({ flow }) => flow))].map((flow) => {
    const sockets = counted.filter((socket) => socket.flow === flow);
    const { payload, overTls, tcp, residual } = payloadLevels(sockets);
    return [label(flow), payload, overTls, tcp, residual];
  });
  const types = payloadByType(counted).map(({ flow, type, count, bytes }) => [
    label(flow),
    escaped(type),
    count,
    bytes,
  ]);
  const note =
    "Payload as the programs wrote it, what TLS added, and the TCP payload that came of both. The residual is what the writer's payload, on a plain connection, differs from its TCP payload.";
  return `### Byte ledger

${note}

${table(["Flow", "Payload", "TLS", "TCP payload", "Residual"], levels)}
<details><summary>Payload by type of message</summary>

${table(["Flow", "Message", "Count", "Bytes"], types)}
</details>
`;
}

export function payloadLevels(sockets: readonly MeasuredSocket[]) {
  const levels = { payload: 0, overTls: 0, tcp: 0, residual: 0 };
  for (const { messages, bytesWritten, isTls } of sockets) {
    const payload = (messages?.written ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
    levels.payload += payload;
    levels.tcp += bytesWritten;
    if (isTls) levels.overTls += bytesWritten - payload;
    else levels.residual += Math.abs(bytesWritten - payload);
  }
  return levels;
}
