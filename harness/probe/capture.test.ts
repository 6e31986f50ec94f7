// The proof: for each connection and direction the writer's count, the reader's count and the payload in a capture
// are the same number.
import { expect, test } from "vitest";
import type { Connection, MeasuredSocket } from "../result.ts";
import { type CapturedConnection, startCapture } from "./capture.fixture.ts";
import { startProbedRun } from "./probed-run.fixture.ts";

/** tshark takes its time to start on a busy machine. */
const PATIENT = { timeout: 60_000 };

const CONVERSATIONS = [
  { acceptor: "echo", dialer: "plain", size: 1_000_000 },
  { acceptor: "echo", dialer: "all-at-once", size: 333 },
  { acceptor: "echo", dialer: "one-after-another", size: 7 },
  { acceptor: "answers-after-the-end", dialer: "plain", size: 10 },
  { acceptor: "tls-echo", dialer: "tls", size: 1_000_000 },
  { acceptor: "tls-echo", dialer: "tls-over-socket", size: 1 },
  { acceptor: "http", dialer: "http", size: 0 },
  { acceptor: "http", dialer: "fetch", size: 0 },
  { acceptor: "https", dialer: "https", size: 0 },
];

test("writer, reader and capture agree to the byte", PATIENT, async (context) => {
  const run = await startProbedRun();
  const acceptors = new Map<string, Awaited<ReturnType<typeof run.accept>>>();
  for (const way of new Set(CONVERSATIONS.map((conversation) => conversation.acceptor))) {
    acceptors.set(way, await run.accept(way));
  }
  const capture = await startCapture(
    context,
    [...acceptors.values()].map(({ port }) => port),
  );
  for (const { acceptor, dialer, size } of CONVERSATIONS) {
    await run.dial(acceptors.get(acceptor)!.port, dialer, size).ended();
  }
  for (const { program } of acceptors.values()) {
    program.child.kill("SIGTERM");
    await program.ended();
  }
  const captured = await capture.stop();

  const { sockets, connections } = await run.ledger();
  expect(connections).toHaveLength(7 + 100 + 200);
  expect(new Set(connections.map((connection) => connection.end))).toEqual(new Set(["fin"]));
  expect(asCaptured(connections, sockets, "writtenBytes")).toEqual(inOrder(captured));
  expect(asCaptured(connections, sockets, "readBytes")).toEqual(inOrder(captured));
});

test("on a connection that is reset the writer still counts what was captured", PATIENT, async (context) => {
  const run = await startProbedRun();
  const { program, port } = await run.accept("resets");
  const capture = await startCapture(context, [port]);
  await run.dial(port, "plain", 10).ended();
  program.child.kill("SIGTERM");
  await program.ended();
  const [captured] = await capture.stop();

  const { sockets, connections } = await run.ledger();
  expect(connections[0]!.end).toBe("reset");
  expect(sockets.find((socket) => socket.side === "dialer")!.bytesWritten).toBe(
    captured!.dialerToAcceptorBytes,
  );
});

/** The connections in a capture's terms, by what was written and by what was read. */
function asCaptured(
  connections: Connection[],
  sockets: MeasuredSocket[],
  count: "writtenBytes" | "readBytes",
): CapturedConnection[] {
  const rows = connections.map(({ dialerSocketId, dialerToAcceptor, acceptorToDialer }) => {
    const { local, remote } = sockets.find((socket) => socket.id === dialerSocketId)!;
    return {
      dialerPort: local.port,
      acceptorPort: remote.port,
      dialerToAcceptorBytes: dialerToAcceptor[count]!,
      acceptorToDialerBytes: acceptorToDialer[count]!,
    };
  });
  return inOrder(rows);
}

/** By ports and bytes: the same pair of ports may have served twice. */
function inOrder(connections: CapturedConnection[]): CapturedConnection[] {
  return connections.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}
