// The probe in real programs: it counts to the byte, and the programs do not notice it.
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { bytesOf, type ProbedRun, startProbedRun } from "./probed-run.fixture.ts";

async function converse(run: ProbedRun, acceptWay: string, dialWay: string, size = 0) {
  const { program: acceptor, port } = await run.accept(acceptWay);
  await run.dial(port, dialWay, size).ended();
  acceptor.child.kill("SIGTERM");
  await acceptor.ended();
  return run.ledger();
}

describe("a plain connection", () => {
  test("is counted to the byte at both ends, in both directions", async () => {
    const { sockets, connections } = await converse(await startProbedRun(), "echo", "plain", 12_345);
    expect(connections.map(bytesOf)).toEqual([
      [
        [12_345, 12_345],
        [12_345, 12_345],
      ],
    ]);
    expect(connections[0]).toMatchObject({ flow: "other", end: "fin" });
    expect(sockets.map(({ side, isTls, end }) => ({ side, isTls, end }))).toEqual(
      expect.arrayContaining([
        { side: "dialer", isTls: false, end: "fin" },
        { side: "acceptor", isTls: false, end: "fin" },
      ]),
    );
  });

  test("has both addresses and ports, and the times when it opened and closed", async () => {
    const { sockets } = await converse(await startProbedRun(), "echo", "plain", 1);
    const dialer = sockets.find((socket) => socket.side === "dialer")!;
    const acceptor = sockets.find((socket) => socket.side === "acceptor")!;
    expect(dialer.local.port).toBe(acceptor.remote.port);
    expect(dialer.remote.port).toBe(acceptor.local.port);
    expect(dialer.remote.address).toBe("127.0.0.1");
    expect(dialer.openedAtMs).toBeGreaterThan(0);
    expect(dialer.closedAtMs).toBeGreaterThanOrEqual(dialer.openedAtMs);
    expect(dialer.closedAtMs).toBeLessThanOrEqual(performance.now());
  });

  test("of many megabytes loses no byte", async () => {
    const { connections } = await converse(await startProbedRun(20), "echo", "plain", 20_000_000);
    expect(connections.map(bytesOf)).toEqual([
      [
        [20_000_000, 20_000_000],
        [20_000_000, 20_000_000],
      ],
    ]);
  });

  test("that is half closed is counted until the second half has ended", async () => {
    const { connections } = await converse(await startProbedRun(), "answers-after-the-end", "plain", 10);
    expect(connections.map(bytesOf)).toEqual([
      [
        [10, 10],
        [1_000, 1_000],
      ],
    ]);
    expect(connections[0]!.end).toBe("fin");
  });

  test("has the first lines of both directions", async () => {
    const run = await startProbedRun();
    const { program, port } = await run.accept("greets-and-closes");
    await run.dial(port, "plain", 5).ended();
    program.child.kill("SIGTERM");
    await program.ended();
    const records = await run.receiver.finish();
    expect(records.find((record) => record.side === "dialer")).toMatchObject({
      firstLinesRead: ["welcome;"],
      firstLinesWritten: ["xxxxx"],
    });
    expect(records.find((record) => record.side === "acceptor")).toMatchObject({
      firstLinesWritten: ["welcome;"],
      firstLinesRead: ["xxxxx"],
    });
  });
});

describe("under TLS", () => {
  test.each(["tls", "tls-over-socket"])("the ciphertext is counted, handshake included: %s", async (way) => {
    const { sockets, connections } = await converse(await startProbedRun(), "tls-echo", way, 1_000);
    const [[toAcceptor, read], [toDialer, readBack]] = bytesOf(connections[0]!) as [
      [number, number],
      [number, number],
    ];
    expect(read).toBe(toAcceptor);
    expect(readBack).toBe(toDialer);
    expect(toAcceptor).toBeGreaterThan(1_000 + 200);
    expect(toDialer).toBeGreaterThan(1_000 + 500);
    expect(connections[0]).toMatchObject({ flow: "tls", end: "fin" });
    expect(sockets.map((socket) => socket.isTls)).toEqual([true, true]);
  });

  test("a thousand bytes more cost exactly a thousand bytes more", async () => {
    const small = await converse(await startProbedRun(), "tls-echo", "tls", 1_000);
    const large = await converse(await startProbedRun(), "tls-echo", "tls", 2_000);
    const growth = bytesOf(large.connections[0]!).map((counts, direction) =>
      counts.map((count, end) => count! - bytesOf(small.connections[0]!)[direction]![end]!),
    );
    expect(growth).toEqual([
      [1_000, 1_000],
      [1_000, 1_000],
    ]);
  });

  test("no plaintext is kept", async () => {
    const run = await startProbedRun();
    await converse(run, "tls-echo", "tls-over-socket", 100);
    for (const record of await run.receiver.finish()) {
      expect(record).toMatchObject({ isTls: true, firstLinesWritten: [], firstLinesRead: [] });
    }
  });
});

describe("over HTTP", () => {
  test.each([
    ["http", "http", "other"],
    ["http", "fetch", "other"],
    ["https", "https", "tls"],
  ])("both ends agree: %s answers %s", async (acceptWay, dialWay, flow) => {
    const { connections } = await converse(await startProbedRun(), acceptWay, dialWay);
    expect(connections).toHaveLength(1);
    expect(connections[0]).toMatchObject({
      flow,
      end: "fin",
      dialerToAcceptor: { residualBytes: 0 },
      acceptorToDialer: { residualBytes: 0 },
    });
    expect(connections[0]!.dialerToAcceptor.writtenBytes).toBeGreaterThan(50);
  });
});

describe("sockets that open and close between two samples", () => {
  test.each([
    ["one-after-another", 200],
    ["all-at-once", 100],
  ])("are not missed: %s", async (way, count) => {
    const { connections } = await converse(await startProbedRun(), "echo", way, 10);
    expect(connections.map(bytesOf)).toEqual(
      Array.from({ length: count }, () => [
        [10, 10],
        [10, 10],
      ]),
    );
    expect(new Set(connections.map((connection) => connection.end))).toEqual(new Set(["fin"]));
  });
});

describe("however a program ends", () => {
  test("process.exit right after write and end leaves the final counts, and a connection that ended in order", async () => {
    const run = await startProbedRun();
    const { program, port } = await run.accept("echo");
    expect(await run.dial(port, "writes-ends-exits", 500).ended()).toBe(3);
    program.child.kill("SIGTERM");
    await program.ended();
    const { connections } = await run.ledger();
    expect(connections[0]!.dialerToAcceptor).toEqual({ writtenBytes: 500, readBytes: 500, residualBytes: 0 });
  });

  test("an uncaught exception leaves the final counts, marked killed", async () => {
    const { connections } = await converse(await startProbedRun(), "echo", "writes-throws", 700);
    expect(connections[0]!.dialerToAcceptor.writtenBytes).toBe(700);
    expect(connections[0]!.end).toBe("killed");
  });

  test("SIGKILL leaves the last sample, marked killed", async () => {
    const run = await startProbedRun(5);
    const { port } = await run.accept("echo");
    const dialer = run.dial(port, "writes-and-stays", 300);
    await dialer.line();
    await expect
      .poll(() => run.receiver.totals().get("dialer"))
      .toEqual({ bytesWritten: 300, bytesRead: 300 });
    dialer.child.kill("SIGKILL");
    await dialer.ended();
    const { sockets, connections } = await run.ledger();
    expect(connections[0]).toMatchObject({ end: "killed" });
    expect(bytesOf(connections[0]!)).toEqual([
      [300, 300],
      [300, 300],
    ]);
    expect(sockets.find((socket) => socket.side === "dialer")!.closedAtMs).not.toBeNull();
  });

  test("SIGKILL right after connecting still leaves the socket itself", async () => {
    const run = await startProbedRun();
    const { port } = await run.accept("echo");
    const dialer = run.dial(port, "writes-and-stays", 1);
    await dialer.line();
    dialer.child.kill("SIGKILL");
    await dialer.ended();
    const { sockets } = await run.ledger();
    expect(sockets.find((socket) => socket.side === "dialer")).toMatchObject({ end: "killed" });
  });
});

describe("a connection that breaks", () => {
  test.each(["resets", "destroys-with-data-unread"])("is marked reset: the acceptor %s", async (way) => {
    const { connections } = await converse(await startProbedRun(), way, "plain", 20_000_000);
    expect(connections[0]!.end).toBe("reset");
    expect(connections[0]!.dialerToAcceptor.residualBytes).toBeGreaterThan(0);
  });

  test("by being destroyed counts only the bytes that had left the process", async () => {
    const run = await startProbedRun();
    const { connections } = await converse(run, "answers-after-the-end", "destroys-at-once", 50_000_000);
    const { writtenBytes, residualBytes } = connections[0]!.dialerToAcceptor;
    expect(writtenBytes).toBeGreaterThan(0);
    expect(writtenBytes).toBeLessThan(50_000_000);
    expect(residualBytes).toBe(0);
  });

  test("before it was established is not counted", async () => {
    const run = await startProbedRun();
    await run.dial(0, "refused-by-all").ended();
    expect((await run.ledger()).sockets).toEqual([]);
  });
});

test("Unix-domain sockets are not counted", async () => {
  const run = await startProbedRun();
  await run.dial(0, "over-a-unix-socket", 100).ended();
  expect((await run.ledger()).sockets).toEqual([]);
});

test("the sockets of a child count for the program that started it, under the child's own pid", async () => {
  const run = await startProbedRun();
  const { port } = await run.accept("echo");
  const dialer = run.dial(port, "in-a-child", 40);
  await dialer.ended();
  const record = (await run.receiver.finish()).find((one) => one.side === "dialer")!;
  expect(record).toMatchObject({ processId: "dialer", bytesWritten: 40, bytesRead: 40 });
  expect(record.pid).not.toBe(dialer.child.pid);
});

test("a program prints and returns the same as without the probe", async () => {
  const run = await startProbedRun();
  const args = [fileURLToPath(new URL("./dialer.fixture.js", import.meta.url)), "0", "greets-nobody"];
  const measure = (environment: Record<string, string>) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      env: { ...process.env, ...environment },
      encoding: "utf8",
    });
    return { stdout, stderr, status };
  };
  expect(measure(run.receiver.environmentFor({ id: "quiet", isNode: true }))).toEqual(measure({}));
});

test("a program looks the same from inside", async () => {
  const run = await startProbedRun();
  const script = `
    const { Socket } = require("node:net");
    const shape = (name) => [name, Socket.prototype[name].length, Socket.prototype[name].name];
    console.log(JSON.stringify([["_destroy", "_writeGeneric", "end"].map(shape), Object.keys(Socket.prototype)]));
    console.log(new Socket());`;
  const look = (environment: Record<string, string>) =>
    execFileSync(process.execPath, ["-e", script], {
      env: { ...process.env, ...environment },
      encoding: "utf8",
    });
  expect(look(run.receiver.environmentFor({ id: "mirror", isNode: true }))).toBe(look({}));
});
