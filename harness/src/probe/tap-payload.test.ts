// Payload by message type in real programs, at both ends.
import { expect, test } from "vitest";
import { NEVER_MS, startProbedRun } from "./probed-run.fixture.ts";

const format = { separator: "x", type: /^(y?)/ };
const tenMessages = [{ type: "", count: 10, bytes: 10 }];

test.each([
  ["a plain connection", "echo", "plain"],
  ["a TLS connection", "tls-echo", "tls"],
  ["TLS on a socket that was plain", "tls-echo-after-a-look", "tls"],
  ["TLS over a socket of the program's own", "tls-echo", "tls-over-socket"],
])("on %s payload is counted at its writer and at its reader", async (_, acceptWay, dialWay) => {
  const run = await startProbedRun(NEVER_MS, format);
  const { program: acceptor, port } = await run.accept(acceptWay);
  await run.dial(port, dialWay, 10).ended();
  acceptor.child.kill("SIGTERM");
  await acceptor.ended();
  const { sockets } = await run.ledger();
  expect(sockets.map(({ messages }) => messages)).toEqual([
    { written: tenMessages, read: tenMessages },
    { written: tenMessages, read: tenMessages },
  ]);
});

test("payload is not inspected without a message format", async () => {
  const run = await startProbedRun();
  const { program: acceptor, port } = await run.accept("echo");
  await run.dial(port, "plain", 10).ended();
  acceptor.child.kill("SIGTERM");
  await acceptor.ended();
  expect((await run.ledger()).sockets.map(({ messages }) => messages)).toEqual([undefined, undefined]);
});
