// The ledger: from records of single sockets to connections with flows and residuals.
import { describe, expect, test } from "vitest";
import type { Relayed } from "../fault-proxy/relayed-connection.ts";
import type { Flow } from "../scenario/scenario.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import { buildLedger } from "./ledger.ts";

const CLIENT = { address: "127.0.0.1", port: 50_000 };
const SERVER = { address: "127.0.0.1", port: 3_000 };

let count = 0;

function end(side: SocketRecord["side"], known: Partial<SocketRecord> = {}): SocketRecord {
  count += 1;
  const isDialer = side === "dialer";
  return {
    processId: isDialer ? "client" : "server",
    pid: isDialer ? 1 : 2,
    number: count,
    side,
    isTls: false,
    local: isDialer ? CLIENT : SERVER,
    remote: isDialer ? SERVER : CLIENT,
    openedAtMs: 100,
    closedAtMs: 200,
    end: "fin",
    sawPeerEnd: true,
    bytesWritten: 0,
    bytesRead: 0,
    samples: [],
    firstLinesWritten: [],
    firstLinesRead: [],
    ...known,
  };
}

const FLOWS: Flow[] = [
  { name: "tls", label: "TLS", isTls: true },
  { name: "heartbeat", label: "heartbeat", firstLine: /^heartbeat;/ },
  { name: "moves", label: "moves", firstLine: /^join;game;/g },
  { name: "web", label: "web", port: 3_000, isTls: false, firstLine: /^GET / },
  { name: "any-3000", label: "any", port: 3_000 },
];

function flowOf(...records: SocketRecord[]): string {
  const { sockets, connections } = buildLedger(records, FLOWS);
  expect(connections).toHaveLength(1);
  for (const socket of sockets) expect(socket.flow).toBe(connections[0]!.flow);
  return connections[0]!.flow;
}

describe("the flow of a connection", () => {
  test("is that of the first rule that matches", () => {
    expect(flowOf(end("dialer", { firstLinesWritten: ["heartbeat;7"] }))).toBe("heartbeat");
    expect(flowOf(end("dialer", { isTls: true }))).toBe("tls");
    expect(flowOf(end("dialer", { firstLinesWritten: ["secport;"] }))).toBe("any-3000");
  });

  test("must match every condition of its rule", () => {
    expect(flowOf(end("dialer", { firstLinesWritten: ["GET / HTTP/1.1"] }))).toBe("web");
    const elsewhere = { remote: { address: "127.0.0.1", port: 80 }, firstLinesWritten: ["GET / HTTP/1.1"] };
    expect(flowOf(end("dialer", elsewhere))).toBe("other");
  });

  test("is found by any of the first lines, in either direction, at either end", () => {
    expect(flowOf(end("dialer", { firstLinesRead: ["hello", "join;game;1"] }))).toBe("moves");
    expect(flowOf(end("dialer"), end("acceptor", { firstLinesRead: ["join;game;1"] }))).toBe("moves");
    expect(flowOf(end("acceptor", { firstLinesWritten: ["join;game;1"] }))).toBe("moves");
  });

  test("depends on the port that was dialled, also if only the acceptor was measured", () => {
    expect(flowOf(end("acceptor"))).toBe("any-3000");
    const fromPort3000 = { local: SERVER, remote: { address: "127.0.0.1", port: 9 } };
    expect(flowOf(end("dialer", fromPort3000))).toBe("other");
  });

  test("is TLS for both ends when one of them recognised it", () => {
    const { sockets } = buildLedger([end("dialer"), end("acceptor", { isTls: true })], FLOWS);
    expect(sockets.map(({ flow, isTls }) => ({ flow, isTls }))).toEqual([
      { flow: "tls", isTls: true },
      { flow: "tls", isTls: true },
    ]);
  });
});

describe("the ends of a connection", () => {
  test("are paired by their addresses, with a residual for each direction", () => {
    const { sockets, connections } = buildLedger(
      [
        end("dialer", { bytesWritten: 10, bytesRead: 7 }),
        end("acceptor", { bytesWritten: 7, bytesRead: 9, end: "reset" }),
      ],
      FLOWS,
    );
    expect(sockets.map((socket) => socket.id)).toEqual(["client#1", "server#1"]);
    expect(connections).toEqual([
      {
        flow: "any-3000",
        dialerSocketId: "client#1",
        acceptorSocketId: "server#1",
        end: "reset",
        dialerToAcceptor: { writtenBytes: 10, readBytes: 9, residualBytes: 1 },
        acceptorToDialer: { writtenBytes: 7, readBytes: 7, residualBytes: 0 },
      },
    ]);
  });

  test("are paired when one side writes IPv4 as mapped IPv6", () => {
    const mapped = (address: string) => `::ffff:${address}`;
    const acceptor = end("acceptor", {
      local: { ...SERVER, address: mapped(SERVER.address) },
      remote: { ...CLIENT, address: mapped(CLIENT.address) },
    });
    expect(buildLedger([end("dialer"), acceptor], FLOWS).connections).toHaveLength(1);
  });

  test("have no residual when only one end was measured", () => {
    const { connections } = buildLedger([end("acceptor", { bytesWritten: 5, bytesRead: 6 })], FLOWS);
    expect(connections[0]).toMatchObject({
      dialerSocketId: null,
      acceptorSocketId: "server#1",
      dialerToAcceptor: { writtenBytes: null, readBytes: 6, residualBytes: null },
      acceptorToDialer: { writtenBytes: 5, readBytes: null, residualBytes: null },
    });
  });

  test("with reused addresses are distinguished by their times", () => {
    const early = { openedAtMs: 100, closedAtMs: 200 };
    const late = { openedAtMs: 300, closedAtMs: 400 };
    const { sockets, connections } = buildLedger(
      [
        end("acceptor", { ...late, bytesRead: 2 }),
        end("dialer", { ...late, bytesWritten: 2 }),
        end("acceptor", { ...early, bytesRead: 1 }),
        end("dialer", { ...early, bytesWritten: 1 }),
      ],
      FLOWS,
    );
    expect(connections.map((connection) => connection.dialerToAcceptor.residualBytes)).toEqual([0, 0]);
    expect(sockets.map((socket) => socket.openedAtMs)).toEqual([100, 100, 300, 300]);
  });

  test("are paired although a busy acceptor accepted the connection after its dialer had closed it", () => {
    const { connections } = buildLedger(
      [end("dialer", { openedAtMs: 100, closedAtMs: 110 }), end("acceptor", { openedAtMs: 150 })],
      FLOWS,
    );
    expect(connections).toHaveLength(1);
  });

  test("are not paired when their times are far apart", () => {
    const { connections } = buildLedger(
      [
        end("dialer", { openedAtMs: 100, closedAtMs: 110 }),
        end("acceptor", { openedAtMs: 60_000, closedAtMs: null }),
      ],
      FLOWS,
    );
    expect(connections).toHaveLength(2);
  });
});

describe("how a connection ended", () => {
  function ended(dialer: Partial<SocketRecord>, acceptor: Partial<SocketRecord>): string {
    return buildLedger([end("dialer", dialer), end("acceptor", acceptor)], FLOWS).connections[0]!.end;
  }

  test("is fin when both ends closed in order", () => {
    expect(ended({}, {})).toBe("fin");
    expect(ended({ sawPeerEnd: false }, {})).toBe("fin");
  });

  test("is the worse of the two ends", () => {
    expect(ended({ end: "reset" }, {})).toBe("reset");
    expect(ended({ end: "open", closedAtMs: null }, {})).toBe("open");
    expect(ended({ end: "reset" }, { end: "killed" })).toBe("killed");
  });

  test("is reset when an end closed before it had read everything that the other wrote", () => {
    expect(ended({ sawPeerEnd: false, bytesRead: 5 }, { bytesWritten: 9 })).toBe("reset");
  });

  test("stays fin with an unexplained residual, so that a wrong count is not hidden", () => {
    expect(ended({ bytesRead: 5 }, { bytesWritten: 9 })).toBe("fin");
  });
});

describe("a connection that went through a fault proxy", () => {
  const PROXY = { address: "127.0.0.1", port: 4_000 };
  const OUTGOING = { address: "127.0.0.1", port: 40_001 };
  const dialer = end("dialer", { remote: PROXY, bytesWritten: 7, bytesRead: 5 });
  const acceptor = end("acceptor", {
    remote: { ...OUTGOING, address: "::ffff:127.0.0.1" },
    bytesWritten: 5,
    bytesRead: 7,
  });
  const relayed: Relayed = {
    proxyId: "wire",
    dialerSide: { from: CLIENT, to: PROXY },
    acceptorSide: { from: OUTGOING, to: SERVER },
    dialerToAcceptor: { receivedBytes: 7, sentBytes: 7 },
    acceptorToDialer: { receivedBytes: 5, sentBytes: 5 },
  };

  test("is one connection, with the proxy's counts beside those of its ends", () => {
    const { connections } = buildLedger([dialer, acceptor], FLOWS, [relayed]);
    expect(connections).toMatchObject([
      {
        dialerSocketId: "client#1",
        acceptorSocketId: "server#1",
        dialerToAcceptor: { residualBytes: 0 },
        acceptorToDialer: { residualBytes: 0 },
        proxy: {
          id: "wire",
          dialerToAcceptor: { receivedBytes: 7, sentBytes: 7 },
          acceptorToDialer: { receivedBytes: 5, sentBytes: 5 },
        },
      },
    ]);
  });

  test("has one end if the acceptor was never reached", () => {
    const { connections } = buildLedger([dialer], FLOWS, [{ ...relayed, acceptorSide: null }]);
    expect(connections).toMatchObject([{ acceptorSocketId: null, proxy: { id: "wire" } }]);
  });

  test("is two connections without the report of the proxy", () => {
    expect(buildLedger([dialer, acceptor], FLOWS).connections).toHaveLength(2);
  });
});
