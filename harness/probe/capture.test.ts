// The proof: for each connection and direction the writer's count, the reader's count and the payload in a capture
// are the same number.
import { expect, test } from "vitest";
import { startCapture } from "./capture.fixture.ts";
import { startProbedRun } from "./probed-run.fixture.ts";

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

test("writer, reader and capture agree to the byte", async (context) => {
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
  const capturedBytes = await capture.stop();

  const { sockets, connections } = await run.ledger();
  expect(connections).toHaveLength(7 + 100 + 200);
  for (const { end, dialerSocketId, dialerToAcceptor, acceptorToDialer } of connections) {
    const { local, remote } = sockets.find((socket) => socket.id === dialerSocketId)!;
    const sent = capturedBytes(local.port, remote.port);
    const answered = capturedBytes(remote.port, local.port);
    expect({ end, dialerToAcceptor, acceptorToDialer }).toEqual({
      end: "fin",
      dialerToAcceptor: { writtenBytes: sent, readBytes: sent, residualBytes: 0 },
      acceptorToDialer: { writtenBytes: answered, readBytes: answered, residualBytes: 0 },
    });
  }
});

test("on a connection that is reset the writer still counts what was captured", async (context) => {
  const run = await startProbedRun();
  const { program, port } = await run.accept("resets");
  const capture = await startCapture(context, [port]);
  await run.dial(port, "plain", 10).ended();
  program.child.kill("SIGTERM");
  await program.ended();
  const capturedBytes = await capture.stop();

  const { sockets, connections } = await run.ledger();
  const dialer = sockets.find((socket) => socket.side === "dialer")!;
  expect(connections[0]!.end).toBe("reset");
  expect(dialer.bytesWritten).toBe(capturedBytes(dialer.local.port, port));
});
