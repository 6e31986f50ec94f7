import { describe, expect, it } from "vitest";
import { SocketHistory } from "./socket-history.ts";
import { readSocketLine } from "./socket-lines.ts";

const LISTEN = "state 10 aa 1 100 7 10 ::ffff:0.0.0.0 80 ::ffff:0.0.0.0 0";
const DIAL = "state 20 bb 2 200 7 2 ::ffff:127.0.0.1 0 ::ffff:127.0.0.1 80";
const DIALLED = "state 21 bb 2 999 2 1 ::ffff:127.0.0.1 4000 ::ffff:127.0.0.1 80";
const ACCEPTED = "state 22 cc 1 999 3 1 ::ffff:127.0.0.1 80 ::ffff:127.0.0.1 4000";
const DIALLER_CLOSED = "close 90 bb 2 999 9 ::ffff:127.0.0.1 4000 ::ffff:127.0.0.1 80 5 101 0 6 7 1 1";
const ACCEPTOR_CLOSED = "close 91 cc 1 999 5 ::ffff:127.0.0.1 80 ::ffff:127.0.0.1 4000 100 6 0 7 6 1 1";

function historyOf(...lines: string[]) {
  const history = new SocketHistory((cgroupId) => cgroupId !== 3, 10);
  for (const line of lines) history.add(readSocketLine(line)!);
  history.finish();
  return history;
}

describe("a connection", () => {
  const whole = [LISTEN, DIAL, DIALLED, ACCEPTED, DIALLER_CLOSED, ACCEPTOR_CLOSED];

  it("has two ends, each with its owner, although the network woke somebody else", () => {
    expect(historyOf(...whole).sockets).toMatchObject([
      { side: "dialer", pid: 200, cgroupId: 2, openedNs: 20, closedNs: 90, bytesWritten: 5, bytesRead: 100 },
      {
        side: "acceptor",
        pid: 100,
        cgroupId: 1,
        openedNs: 22,
        closedNs: 91,
        bytesWritten: 100,
        bytesRead: 5,
      },
    ]);
  });

  it("is the same when the lines of two processors come in another order", () => {
    const shuffled = [ACCEPTOR_CLOSED, DIALLED, LISTEN, DIALLER_CLOSED, ACCEPTED, DIAL];
    expect(historyOf(...shuffled).sockets).toEqual(historyOf(...whole).sockets);
  });

  it("is open while nobody closed it, with what was carried until now", () => {
    const counted = ["tick 30", "tick 40", "@written[0xbb, 20, 2]: 5", "@read[0xbb, 20, 2]: 60"];
    expect(historyOf(LISTEN, DIAL, DIALLED, ...counted).sockets).toMatchObject([
      { closedNs: null, bytesWritten: 5, bytesRead: 60, segments: null },
    ]);
  });

  it("was reset where a side did not end in order", () => {
    const reset = DIALLER_CLOSED.replace(" 999 9 ", " 999 1 ");
    expect(historyOf(LISTEN, DIAL, DIALLED, reset).sockets).toMatchObject([{ isReset: true }]);
  });
});

it("An attempt that nobody answered is no socket of the run", () => {
  const refused = "close 21 bb 2 200 2 ::ffff:127.0.0.1 4000 ::ffff:127.0.0.1 80 0 0 0 1 1 0 0";
  expect(historyOf(DIAL, refused).sockets).toEqual([]);
});

it("Sums are samples at the end of their interval, however late they are read, and the end is the last one", () => {
  const ticks = [
    "tick 30",
    "@written[0xbb, 20, 2]: 2",
    "@read[0xbb, 20, 2]: 9",
    "tick 40",
    "tick 50",
    "@read[0xbb, 20, 4]: 80",
    "@read[0xbb, 20, 3]: 70",
    "@read[0xbb, 20, 2]: 10",
    "tick 60",
  ];
  expect(historyOf(LISTEN, DIAL, DIALLED, ...ticks, DIALLER_CLOSED).sockets[0]?.samples).toEqual([
    { timeNs: 30, bytesWritten: 2, bytesRead: 10 },
    { timeNs: 40, bytesWritten: 2, bytesRead: 70 },
    { timeNs: 50, bytesWritten: 2, bytesRead: 80 },
    { timeNs: 90, bytesWritten: 5, bytesRead: 100 },
  ]);
});

it("A structure that the kernel uses again is another socket, and a late sum of the first is not its own", () => {
  const again = [DIAL, DIALLED].map((line) => line.replace("state 2", "state 12"));
  const lines = [
    LISTEN,
    DIAL,
    DIALLED,
    DIALLER_CLOSED,
    ...again,
    "tick 200",
    "@read[0xbb, 20, 19]: 100",
    "tick 300",
  ];
  expect(historyOf(...lines).sockets).toMatchObject([
    { openedNs: 20, bytesRead: 100 },
    { openedNs: 120, bytesRead: 0, closedNs: null },
  ]);
});

it("Lines that were lost are counted", () => {
  expect(historyOf("Lost 3 events", "Lost 4 events").lostLines).toBe(7);
});

it("A socket whose opening was lost is known by its end", () => {
  expect(historyOf(LISTEN, ACCEPTOR_CLOSED).sockets).toMatchObject([{ side: "acceptor", bytesWritten: 100 }]);
});

it("Sockets of other control groups are left out", () => {
  const others = [LISTEN, DIAL, DIALLED, DIALLER_CLOSED].map((line) =>
    line.replace(/ [12] (100|200|999) /, " 3 $1 "),
  );
  expect(historyOf(...others).sockets).toEqual([]);
});
