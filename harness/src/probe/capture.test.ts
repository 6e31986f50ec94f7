// The proof of the byte counts: for each connection and direction the counts of writer, reader and kernel equal the
// payload in a capture. Without the ability to capture the tests are skipped with a line that says why, but fail in CI.
import { join } from "node:path";
import { expect, type TestContext, test } from "vitest";
import { beginCapture } from "../capture/run-capture.ts";
import { attachObservations } from "../ledger/attach-observations.ts";
import { buildLedger } from "../ledger/ledger.ts";
import { wireLevels } from "../ledger/wire-levels.ts";
import { SsWitness } from "../witness/ss/ss-witness.ts";
import { type ProbedRun, startProbedRun } from "./probed-run.fixture.ts";

/** tshark starts slowly on a busy machine. */
const PATIENT = { timeout: 180_000 };
/** A capture that dropped packets, of any traffic on this machine, proves nothing, so the run is repeated. */
const ATTEMPTS = 3;

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

test("writer, reader, kernel and capture agree to the byte", PATIENT, async (context) => {
  const { sockets, connections } = await witnessed(context, CONVERSATIONS);
  expect(connections).toHaveLength(7 + 100 + 200);
  expect(new Set(connections.map(({ end }) => end))).toEqual(new Set(["fin"]));
  expect(connections.map(({ dialerToAcceptor }) => dialerToAcceptor.residualBytes)).toEqual(
    connections.map(() => 0),
  );
  const { from, kernel, capture } = wireLevels(sockets);
  expect({ from, capture }).toEqual({ from: "capture", capture: { sockets: sockets.length, residual: 0 } });
  expect(kernel.residual).toBe(0);
  // What is left of those in network namespaces is told there, not here.
  expect(kernel.sockets).toBeGreaterThan(sockets.length / 2);
});

test("on a connection that is reset the writer still counts the captured bytes", PATIENT, async (context) => {
  const { sockets, connections } = await witnessed(context, [
    { acceptor: "resets", dialer: "plain", size: 10 },
  ]);
  expect(connections[0]!.end).toBe("reset");
  const dialer = sockets.find(({ side }) => side === "dialer")!;
  expect(dialer.bytesWritten).toBe(10);
  expect(dialer.captured?.bytesWritten).toBe(10);
});

/** The ledger of these conversations, with the observations of kernel and capture. */
async function witnessed(context: TestContext, conversations: typeof CONVERSATIONS) {
  for (let attempt = 1; ; attempt += 1) {
    const { packetsDropped, ledger } = await measured(context, conversations);
    if (packetsDropped === 0) return ledger;
    if (attempt === ATTEMPTS) throw new Error(`the capture dropped packets ${ATTEMPTS} times`);
  }
}

async function measured(context: TestContext, conversations: typeof CONVERSATIONS) {
  const run: ProbedRun = await startProbedRun();
  const kernel = new SsWitness({ intervalMs: 100, nowMs: () => performance.now(), remedy: "" });
  const capture = await beginCapture(join(run.directory, "capture"));
  const acceptors = new Map<string, Awaited<ReturnType<typeof run.accept>>>();
  for (const way of new Set(conversations.map(({ acceptor }) => acceptor))) {
    acceptors.set(way, await run.accept(way));
  }
  for (const { acceptor, dialer, size } of conversations) {
    await run.dial(acceptors.get(acceptor)!.port, dialer, size).ended();
  }
  for (const { program } of acceptors.values()) {
    program.child.kill("SIGTERM");
    await program.ended();
  }
  const records = await run.receiver.finish();
  const byKernel = await kernel.observe(records);
  await kernel.close();
  const observed = await capture.observe(records);
  const outcome = capture.outcome();
  if (outcome.problem) skipOrFail(context, outcome.problem);
  const { packetsDropped } = outcome;
  const ledger = buildLedger(
    attachObservations(attachObservations(records, "kernel", byKernel), "captured", observed),
    [],
  );
  return { packetsDropped, ledger };
}

function skipOrFail(context: TestContext, reason: string): never {
  if (process.env.CI) throw new Error(reason);
  console.warn(`skipped: ${context.task.name}: ${reason}`);
  return context.skip(reason);
}
