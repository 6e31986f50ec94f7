// The sample run with messages on its connections, for tests of the diagrams.
import type { RunResult, SaidMessage } from "../result/result.ts";
import { sampleRun } from "../result/sample-run.fixture.ts";

export type Line = [from: SaidMessage["from"], sentAtMs: number, takesMs: number | null, text: string | null];

const ROUTINE = /^p[io]ng/;

/** The messages on the first connection of each flow: an invitation and a lost line, sizes under TLS, pings. */
const lines: Record<string, Line[]> = {
  control: [
    ["acceptor", 720, 0.5, "secport;3001;•••"],
    ["dialer", 3_400, 0.4, "begin;beto"],
    ["acceptor", 3_410, 25, "beginACK;beto"],
    ["dialer", 14_000, null, "list"],
  ],
  tls: [
    ["dialer", 1_200, 0.3, null],
    ["acceptor", 1_210, 0.3, null],
  ],
  delay: Array.from({ length: 12 }, (_, index): Line => {
    const isPing = index % 2 === 0;
    return [isPing ? "dialer" : "acceptor", 5_000 + index * 500, 0.2, `${isPing ? "ping" : "pong"};${index}`];
  }),
};

export function conversationRun(more: Record<string, Line[]> = {}): RunResult {
  const run = sampleRun();
  const all = { ...lines, ...more };
  const seen = new Set<string>();
  const sockets = run.sockets.map((socket) => ({ ...socket, messages: { written: [], read: [] } }));
  const connections = run.connections.map((connection) => {
    const own = seen.has(connection.flow) ? [] : (all[connection.flow] ?? []);
    seen.add(connection.flow);
    return { ...connection, conversation: { messages: own.map(toMessage), droppedCount: 0 } };
  });
  return { ...run, sockets, connections };
}

function toMessage([from, sentAtMs, takesMs, text]: Line): SaidMessage {
  return {
    from,
    sentAtMs,
    receivedAtMs: takesMs === null ? null : sentAtMs + takesMs,
    bytes: (text ?? "x".repeat(39)).length + 1,
    type: text?.split(";")[0] ?? null,
    text,
    ...(text !== null && ROUTINE.test(text) && { isRoutine: true }),
  };
}
