// Bytes over time by flow. Each byte counts once, although most connections are measured at both ends.
import type { Connection, MeasuredSocket, RunResult, SocketSample } from "./result.ts";

export interface Increment {
  timeMs: number;
  flow: string;
  bytes: number;
}

export interface FlowSeries {
  name: string;
  label: string;
  totalBytes: number;
  /** Bytes of each interval, the first beginning at 0 ms. */
  bytesPerInterval: number[];
}

export interface ByteSeries {
  intervalMs: number;
  flows: FlowSeries[];
  totalBytes: number;
  bytesPerInterval: number[];
}

/** Into so many equal parts bytes are divided that a witness saw some time after they moved. */
const PARTS = 8;

type Counter = "bytesWritten" | "bytesRead";

function growth(socket: MeasuredSocket, counter: Counter, durationMs: number): Increment[] {
  const atEnd: Partial<SocketSample> & { timeMs: number } = {
    timeMs: socket.closedAtMs ?? durationMs,
    [counter]: socket[counter],
  };
  let seen = 0;
  const increments: Increment[] = [];
  for (const sample of [...socket.samples, atEnd]) {
    const bytes = (sample[counter] ?? seen) - seen;
    if (bytes <= 0) continue;
    seen += bytes;
    const { timeMs, sinceMs = timeMs } = sample;
    increments.push(...spread({ timeMs, flow: socket.flow, bytes }, sinceMs));
  }
  return increments;
}

/** What moved at an unknown time since then, in equal parts. */
function spread({ timeMs, flow, bytes }: Increment, sinceMs: number): Increment[] {
  if (sinceMs >= timeMs) return [{ timeMs, flow, bytes }];
  const sumAfter = (part: number) => Math.round((bytes * part) / PARTS);
  return Array.from({ length: PARTS }, (_, part) => ({
    timeMs: sinceMs + ((part + 0.5) / PARTS) * (timeMs - sinceMs),
    flow,
    bytes: sumAfter(part + 1) - sumAfter(part),
  })).filter((increment) => increment.bytes > 0);
}

/** The writer's count; the reader's where the writer was not measured. */
function directions(
  connection: Connection,
  sockets: Map<string, MeasuredSocket>,
): [MeasuredSocket, Counter][] {
  const dialer = sockets.get(connection.dialerSocketId ?? "");
  const acceptor = sockets.get(connection.acceptorSocketId ?? "");
  const counted: [MeasuredSocket, Counter][] = [];
  if (dialer) counted.push([dialer, "bytesWritten"]);
  else if (acceptor) counted.push([acceptor, "bytesRead"]);
  if (acceptor) counted.push([acceptor, "bytesWritten"]);
  else if (dialer) counted.push([dialer, "bytesRead"]);
  return counted;
}

export function byteIncrements(result: RunResult): Increment[] {
  const sockets = new Map(result.sockets.map((socket) => [socket.id, socket]));
  return result.connections
    .flatMap((connection) => directions(connection, sockets))
    .flatMap(([socket, counter]) => growth(socket, counter, result.durationMs))
    .sort((a, b) => a.timeMs - b.timeMs);
}

/** The scenario's flows in its order, then any others that were seen. */
export function flowsOf(result: RunResult): { name: string; label: string }[] {
  const declared = new Set(result.flows.map((flow) => flow.name));
  const others = new Set(
    result.connections.map((connection) => connection.flow).filter((flow) => !declared.has(flow)),
  );
  return [...result.flows, ...[...others].map((name) => ({ name, label: name }))];
}

export function byteSeries(result: RunResult, intervalMs: number): ByteSeries {
  const intervals = Math.max(1, Math.ceil(result.durationMs / intervalMs));
  const empty = () => new Array<number>(intervals).fill(0);
  const flows = flowsOf(result).map((flow) => ({ ...flow, totalBytes: 0, bytesPerInterval: empty() }));
  const byName = new Map(flows.map((flow) => [flow.name, flow]));
  const all = { totalBytes: 0, bytesPerInterval: empty() };
  for (const { timeMs, flow, bytes } of byteIncrements(result)) {
    const interval = Math.min(Math.floor(timeMs / intervalMs), intervals - 1);
    for (const series of [byName.get(flow), all]) {
      if (!series) continue;
      series.totalBytes += bytes;
      series.bytesPerInterval[interval]! += bytes;
    }
  }
  return { intervalMs, flows, ...all };
}
