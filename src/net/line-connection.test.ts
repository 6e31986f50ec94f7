import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { LineConnection, type LineConnectionOptions, type LineHandlers } from "./line-connection.ts";
import { type LoopbackPair, loopbackPair, promiseInHand, readToEnd } from "./loopback-pair.fixture.ts";
import { endlessTurn } from "./turns.ts";

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

test("while one request is worked on no further one is handed over, though notices go out", async () => {
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

test("what is sent in one turn of the event loop leaves in one write", async () => {
  const { peer, accepted, connection } = await serve();
  const write = vi.spyOn(accepted, "write");
  for (let count = 0; count < 100; count++) connection.send(`notice;${count}`);
  expect(write).not.toHaveBeenCalled();
  await once(peer, "data");
  expect(write).toHaveBeenCalledTimes(1);
});

test("the answers to requests that came together leave in one write", async () => {
  const { peer, accepted } = await serve({ turns: endlessTurn });
  const write = vi.spyOn(accepted, "write");
  peer.end(asText(numbered(50)));
  await readToEnd(peer);
  expect(write).toHaveBeenCalledTimes(1);
});

/** Strangers wait until they are called. */
function turnsOnCall() {
  const waiting: (() => void)[] = [];
  const wait = (work: () => void) => void waiting.push(work);
  return { turns: { ...endlessTurn, read: wait, comeOrGo: wait }, waiting, call: () => waiting.shift()?.() };
}

test("a stranger's lines wait for its turn, and none that comes meanwhile is lost", async () => {
  const { turns, waiting, call } = turnsOnCall();
  const { peer, accepted, closeCount } = await serve({ turns, isUnauthenticated: true });
  const answers = readToEnd(peer);
  peer.write(asText(["first", "second"]));
  await expect.poll(() => waiting.length).toBe(1);
  expect(accepted.isPaused()).toBe(true);
  peer.end(asText(["third"]));
  await setImmediate();
  expect(waiting.length).toBe(1);
  while (closeCount() === 0) {
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    call();
  }
  expect(await answers).toBe(asText(["firstACK", "secondACK", "thirdACK"]));
});

test("who is no stranger waits for no stranger", async () => {
  const { turns, waiting } = turnsOnCall();
  const stranger = await serve({ turns, isUnauthenticated: true });
  const known = await serve({ turns });
  stranger.peer.write(asText(["request"]));
  await expect.poll(() => waiting.length).toBe(1);
  known.peer.end(asText(["request"]));
  expect(await readToEnd(known.peer)).toBe(asText(["requestACK"]));
  expect(waiting.length).toBe(1);
});

test("who asks without reading is not asked further until they read", async () => {
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

test("who never reads the notices sent to them is cut at the limit", async () => {
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

test("who has answers waiting and reads none for 30 s is cut", async () => {
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

test("who floods keeps nobody waiting until they are done", async () => {
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

test("a malformed line is told once, after the lines before it were answered", async () => {
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

test("a peer that floods while being told goodbye still hears it", async () => {
  const { peer } = await serve({
    onMalformed: (connection) => {
      connection.send("ERR;BAD_LINE");
      connection.end();
    },
  });
  peer.write("x".repeat(2_000_000));
  expect(await readToEnd(peer)).toBe("ERR;BAD_LINE\n");
});

test("who goes on after goodbye without end is cut", async () => {
  const { peer, closed } = await serve({ onMalformed: (connection) => connection.end(1_000_000) });
  peer.on("error", () => {});
  while (!peer.destroyed && peer.write("x".repeat(1_000_000))) await setImmediate();
  peer.write("x".repeat(20_000_000));
  await closed;
});

test("lines of 4,096 bytes with their end pass, longer ones do not", async () => {
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

test("after end nothing more is sent or handed over, and a silent peer is cut when the grace is over", async () => {
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
])("a handler that fails $how cuts its own connection and says why", async ({ onLine }) => {
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

test("a peer that vanishes while its request is worked on is not answered and does no harm", async () => {
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

test("a socket that has closed before anybody took it up is told of all the same", async () => {
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

test("an IPv4-mapped address is told as IPv4", async () => {
  const { connection, peer } = await serve();
  expect(connection.remoteAddress).toBe("127.0.0.1");
  expect(connection.localAddress).toBe("127.0.0.1");
  expect(connection.remotePort).toBe(peer.localPort);
});
