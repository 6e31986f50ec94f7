import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { unlimitedScheduler } from "./fair-scheduler.ts";
import { LineConnection, type LineConnectionOptions, type LineHandlers } from "./line-connection.ts";
import { type LoopbackPair, loopbackPair, promiseInHand, readToEnd } from "./loopback-pair.fixture.ts";

const pairs: LoopbackPair[] = [];
afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close();
});

interface Options extends Partial<LineConnectionOptions> {
  /** Called with each line; the default answers it with `<line>ACK`. */
  onLine?: (line: string, connection: LineConnection) => void | Promise<void>;
  onMalformed?: (connection: LineConnection) => void;
  isUnauthenticated?: boolean;
}

/** A LineConnection on one end, and a plain socket on the other. */
async function serve({ onLine, onMalformed, isUnauthenticated = false, ...options }: Options = {}) {
  const pair = await loopbackPair();
  pairs.push(pair);
  const closed = promiseInHand<Error | null>();
  let closeCount = 0;
  const handlers: LineHandlers = {
    onLine: (line) => (onLine ? onLine(line, connection) : connection.send(`${line}ACK`)),
    onMalformed: () => onMalformed?.(connection),
    onClose: (error) => {
      closeCount++;
      closed.resolve(error);
    },
    isUnauthenticated,
  };
  const connection = new LineConnection(pair.accepted, { maxLineBytes: 4_096, ...options }, handlers);
  pair.accepted.resume();
  return { ...pair, connection, closed: closed.promise, closeCount: () => closeCount };
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `request;${index}`);
const asText = (lines: string[]) => lines.map((line) => `${line}\n`).join("");

test("10,000 pipelined lines are answered in order, though the peer ended before the first answer", async () => {
  const { peer, closed } = await serve();
  const lines = numbered(10_000);
  peer.end(asText(lines));
  expect(await readToEnd(peer)).toBe(asText(lines.map((line) => `${line}ACK`)));
  expect(await closed).toBeNull();
});

test("answers keep the order of their requests, however long each takes", async () => {
  const { peer } = await serve({
    onLine: async (line, connection) => {
      const turns = 5 - Number(line.split(";")[1]);
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      connection.send(`${line}ACK`);
    },
  });
  peer.end(asText(numbered(5)));
  expect(await readToEnd(peer)).toBe(asText(numbered(5).map((line) => `${line}ACK`)));
});

test("while one request is being answered no further one is handled, but notices are sent", async () => {
  const seen: string[] = [];
  const release = promiseInHand<void>();
  const { peer, connection } = await serve({
    onLine: async (line) => {
      seen.push(line);
      await release.promise;
    },
  });
  peer.write("first\nsecond\n");
  await expect.poll(() => seen.length).toBe(1);
  connection.send("notice");
  const [chunk] = await once(peer, "data");
  expect(String(chunk)).toBe("notice\n");
  expect(seen).toEqual(["first"]);
  release.resolve();
  await expect.poll(() => seen.length).toBe(2);
});

test("a line split into single bytes is one line", async () => {
  const { peer } = await serve();
  for (const byte of "list\r\nleaders\n") {
    peer.write(byte);
    await setImmediate();
  }
  peer.end();
  expect(await readToEnd(peer)).toBe("listACK\nleadersACK\n");
});

test("lines sent in one turn of the event loop are sent in one write", async () => {
  const { peer, accepted, connection } = await serve();
  const write = vi.spyOn(accepted, "write");
  for (let count = 0; count < 100; count++) connection.send(`notice;${count}`);
  expect(write).not.toHaveBeenCalled();
  await once(peer, "data");
  expect(write).toHaveBeenCalledTimes(1);
});

test("the answers to requests that arrived together are sent in one write", async () => {
  const { peer, accepted } = await serve({ scheduler: unlimitedScheduler });
  const write = vi.spyOn(accepted, "write");
  peer.end(asText(numbered(50)));
  await readToEnd(peer);
  expect(write).toHaveBeenCalledTimes(1);
});

/** Runs the work of unauthenticated connections when the test calls `runNext`. */
function manualScheduler() {
  const waiting: (() => void)[] = [];
  const wait = (work: () => void) => void waiting.push(work);
  const scheduler = { ...unlimitedScheduler, scheduleInput: wait, scheduleOpenOrClose: wait };
  return { scheduler, waiting, runNext: () => waiting.shift()?.() };
}

test("input of an unauthenticated connection waits to be scheduled, and nothing that arrives meanwhile is lost", async () => {
  const { scheduler, waiting, runNext } = manualScheduler();
  const { peer, accepted, closeCount } = await serve({ scheduler, isUnauthenticated: true });
  const answers = readToEnd(peer);
  peer.write(asText(["first", "second"]));
  await expect.poll(() => waiting.length).toBe(1);
  expect(accepted.isPaused()).toBe(true);
  peer.end(asText(["third"]));
  await setImmediate();
  expect(waiting.length).toBe(1);
  while (closeCount() === 0) {
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    runNext();
  }
  expect(await answers).toBe(asText(["firstACK", "secondACK", "thirdACK"]));
});

test("an authenticated connection does not wait for unauthenticated ones", async () => {
  const { scheduler, waiting } = manualScheduler();
  const unauthenticated = await serve({ scheduler, isUnauthenticated: true });
  const authenticated = await serve({ scheduler });
  unauthenticated.peer.write(asText(["request"]));
  await expect.poll(() => waiting.length).toBe(1);
  authenticated.peer.end(asText(["request"]));
  expect(await readToEnd(authenticated.peer)).toBe(asText(["requestACK"]));
  expect(waiting.length).toBe(1);
});

test("requests of a peer that does not read its answers wait until it reads", async () => {
  let handled = 0;
  const answer = "x".repeat(4_000);
  const { peer, connection, accepted } = await serve({
    onLine: (_, own) => {
      handled++;
      own.send(answer);
    },
  });
  const total = 5_000; // 20 MB of answers: more than the kernel's buffers take
  peer.write(asText(numbered(total)));
  await expect.poll(() => accepted.isPaused()).toBe(true);
  const handledWhenPaused = handled;
  expect(handledWhenPaused).toBeLessThan(total);
  expect(accepted.writableLength).toBeLessThan(128 * 1024);
  expect(connection.isOpen).toBe(true);

  peer.end();
  const text = await readToEnd(peer);
  expect(handled).toBe(total);
  expect(text.length).toBe(total * (answer.length + 1));
});

test("a peer that never reads its notices is disconnected at the limit", async () => {
  const { connection, accepted, closed } = await serve({ maxUnsentBytes: 100_000 });
  let queued = 0;
  while (connection.isOpen && queued < 100_000_000) {
    connection.send("n".repeat(9_999));
    queued += 10_000;
    if (queued % 50_000 === 0) await setImmediate();
    if (connection.isOpen) expect(accepted.writableLength).toBeLessThanOrEqual(100_000);
  }
  expect((await closed)?.message).toMatch(/bytes were not read/);
});

test("a peer that reads no answer for 30 s is disconnected", async () => {
  const waits: { delayMs: number; run(): void }[] = [];
  const { peer, accepted, closed } = await serve({
    onLine: (_, own) => own.send("x".repeat(4_000)),
    after: (delayMs, run) => {
      waits.push({ delayMs, run });
      return () => {};
    },
  });
  peer.write(asText(numbered(5_000)));
  await expect.poll(() => accepted.isPaused()).toBe(true);
  expect(waits.map(({ delayMs }) => delayMs)).toEqual([30_000]);
  waits[0]?.run();
  expect((await closed)?.message).toBe("answers were not read for 30 s");
});

test("a flood does not delay other connections until it is done", async () => {
  let floodLines = 0;
  const total = 400_000;
  const flood = await serve({
    onLine: () => {
      floodLines++;
    },
  });
  const floodLinesBefore = promiseInHand<number>();
  const other = await serve({ onLine: () => floodLinesBefore.resolve(floodLines) });
  flood.peer.write("x\n".repeat(total));
  await expect.poll(() => floodLines, { interval: 1 }).toBeGreaterThan(0);
  other.peer.write("list\n");
  expect(await floodLinesBefore.promise).toBeLessThan(total);
  await expect.poll(() => floodLines).toBe(total);
});

test("a line that is answered within the turn ends the time slice, and one that is answered later does not", async () => {
  let yields = 0;
  const resumeAtOnce = (resume: () => void) => {
    yields++;
    resume();
  };
  const scheduler = { ...unlimitedScheduler, turn: 0, yield: resumeAtOnce };
  const { peer } = await serve({
    scheduler,
    onLine: async (line, connection) => {
      await null;
      if (line === "later") scheduler.turn++;
      connection.send(`${line}ACK`);
    },
  });
  peer.end(asText(["now", "now", "later"]));
  expect(await readToEnd(peer)).toBe(asText(["nowACK", "nowACK", "laterACK"]));
  expect(yields).toBe(2);
});

test("a malformed line is reported once, after the lines before it were answered", async () => {
  let malformedCount = 0;
  const { peer, closed } = await serve({
    onLine: async (line, connection) => {
      await setImmediate();
      connection.send(`${line}ACK`);
    },
    onMalformed: (connection) => {
      malformedCount++;
      connection.send("ERR;BAD_LINE");
      connection.end();
    },
  });
  peer.write(`first\nsecond\nbad\0line\nthird\n${"x".repeat(10_000)}`);
  const text = await readToEnd(peer);
  peer.end("more\n");
  expect(text).toBe("firstACK\nsecondACK\nERR;BAD_LINE\n");
  expect(malformedCount).toBe(1);
  expect(await closed).toBeNull();
});

test("a peer that floods while the connection ends still receives the last line", async () => {
  const { peer } = await serve({
    onMalformed: (connection) => {
      connection.send("ERR;BAD_LINE");
      connection.end();
    },
  });
  peer.write("x".repeat(2_000_000));
  expect(await readToEnd(peer)).toBe("ERR;BAD_LINE\n");
});

test("a peer that keeps sending after the end is disconnected", async () => {
  const { peer, closed } = await serve({ onMalformed: (connection) => connection.end(1_000_000) });
  peer.on("error", () => {});
  while (!peer.destroyed && peer.write("x".repeat(1_000_000))) await setImmediate();
  peer.write("x".repeat(20_000_000));
  await closed;
});

test("lines of 4,096 bytes, line end included, are accepted; longer ones are not", async () => {
  const malformed = promiseInHand<void>();
  const lengths: number[] = [];
  const { peer } = await serve({
    onLine: (line) => void lengths.push(line.length),
    onMalformed: () => malformed.resolve(),
  });
  peer.write(`${"x".repeat(4_095)}\n${"x".repeat(4_096)}\n`);
  await malformed.promise;
  expect(lengths).toEqual([4_095]);
});

test("after end nothing more is sent or handled, and a silent peer is disconnected after the grace time", async () => {
  const seen: string[] = [];
  const { peer, connection, closed } = await serve({
    onLine: (line) => {
      seen.push(line);
    },
  });
  connection.send("goodbye");
  connection.end(20);
  connection.send("too late");
  expect(connection.isOpen).toBe(false);
  peer.write("list\n");
  expect(await readToEnd(peer)).toBe("goodbye\n");
  await closed;
  expect(seen).toEqual([]);
});

const theDiskIsGone = new Error("the disk is gone");

test.each([
  { how: "later", onLine: () => Promise.reject(theDiskIsGone) },
  {
    how: "at once",
    onLine: () => {
      throw theDiskIsGone;
    },
  },
])("a handler that fails $how closes its own connection and reports why", async ({ onLine }) => {
  const { peer, closed } = await serve({ onLine });
  peer.write("list\n");
  expect((await closed)?.message).toBe("the disk is gone");
});

test("a peer that resets is closed once, with its error", async () => {
  const { peer, closed, closeCount } = await serve();
  peer.resetAndDestroy();
  expect(await closed).toMatchObject({ code: "ECONNRESET" });
  await setImmediate();
  expect(closeCount()).toBe(1);
});

test("a peer that disconnects while its request is being answered gets no answer and does no harm", async () => {
  const release = promiseInHand<void>();
  const started = promiseInHand<void>();
  const { peer, connection, closed } = await serve({
    onLine: async (line) => {
      started.resolve();
      await release.promise;
      connection.send(`${line}ACK`);
    },
  });
  peer.write("list\nlist\n");
  await started.promise;
  connection.destroy();
  await closed;
  release.resolve();
  await setImmediate();
  expect(connection.isOpen).toBe(false);
});

test("a socket that closed before the connection was made is reported as closed", async () => {
  const pair = await loopbackPair();
  pairs.push(pair);
  pair.accepted.destroy();
  await once(pair.accepted, "close");
  const closed = promiseInHand<Error | null>();
  const ignore = () => {};
  const handlers = { onLine: ignore, onMalformed: ignore, onClose: closed.resolve };
  const connection = new LineConnection(pair.accepted, { maxLineBytes: 4_096 }, handlers);
  expect(await closed.promise).toBeNull();
  expect(connection.isOpen).toBe(false);
});

test("an IPv4-mapped address is reported as IPv4", async () => {
  const { connection, peer } = await serve();
  expect(connection.remoteAddress).toBe("127.0.0.1");
  expect(connection.localAddress).toBe("127.0.0.1");
  expect(connection.remotePort).toBe(peer.localPort);
});
