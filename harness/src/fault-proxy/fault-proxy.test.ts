// The proxy between two real sockets.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { FaultProxy } from "./fault-proxy.ts";

const HOST = "127.0.0.1";
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** One end of a connection, and everything that happened to it. */
class End {
  readonly chunks: string[] = [];
  isEnded = false;
  error: string | undefined;

  constructor(readonly socket: Socket) {
    socket.setEncoding("latin1").on("data", (text: string) => this.chunks.push(text));
    socket.on("end", () => {
      this.isEnded = true;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.error = error.code;
    });
    cleanUps.push(() => socket.destroy());
  }

  get text(): string {
    return this.chunks.join("");
  }

  async has(text: string): Promise<void> {
    await expect.poll(() => this.text, { interval: 2 }).toBe(text);
  }
}

async function world(seed = 1) {
  const acceptors: End[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => acceptors.push(new End(socket)));
  server.listen(0, HOST);
  await once(server, "listening");
  cleanUps.push(() => server.close());
  const target = { host: HOST, port: (server.address() as AddressInfo).port };
  const proxy = await FaultProxy.listen({ id: "wire", listen: { host: HOST, port: 0 }, target, seed });
  cleanUps.push(() => proxy.stop());
  const dial = () => new End(connect({ host: HOST, port: proxy.port, allowHalfOpen: true, noDelay: true }));
  /** A connection that has sent its first line. */
  const join = async (firstLine = "hello") => {
    const [dialer, number] = [dial(), acceptors.length];
    dialer.socket.write(`${firstLine}\n`);
    await expect.poll(() => acceptors[number]?.text, { interval: 2 }).toBe(`${firstLine}\n`);
    const acceptor = acceptors[number]!;
    acceptor.chunks.length = 0;
    return { dialer, acceptor };
  };
  return { proxy, server, dial, join, acceptors };
}

describe("a fault proxy", () => {
  it("forwards bytes and orderly ends both ways, and counts each direction on both sides", async () => {
    const { proxy, join } = await world();
    const { dialer, acceptor } = await join();
    const ports = { dialer: dialer.socket.localPort, proxy: acceptor.socket.remotePort };
    dialer.socket.end("one");
    await acceptor.has("one");
    await expect.poll(() => acceptor.isEnded).toBe(true);
    acceptor.socket.end("two");
    await dialer.has("two");
    await expect.poll(() => dialer.isEnded).toBe(true);
    expect(proxy.relayed()).toMatchObject([
      {
        proxyId: "wire",
        dialerSide: { from: { port: ports.dialer }, to: { port: proxy.port } },
        acceptorSide: { from: { port: ports.proxy } },
        dialerToAcceptor: { receivedBytes: 9, sentBytes: 9 },
        acceptorToDialer: { receivedBytes: 3, sentBytes: 3 },
      },
    ]);
  });

  it("forwards a reset as a reset", async () => {
    const { join } = await world();
    const { dialer, acceptor } = await join();
    acceptor.socket.resetAndDestroy();
    await expect.poll(() => dialer.error).toBe("ECONNRESET");
  });

  it("resets the dialer when the target does not listen", async () => {
    const { server, dial } = await world();
    server.close();
    await once(server, "close");
    const dialer = dial();
    await expect.poll(() => dialer.error).toBe("ECONNRESET");
  });

  it("forwards nothing while silent, notifies neither end, and delivers everything in order once healed", async () => {
    const { proxy, join } = await world();
    const [old, other] = [await join(), await join()];
    proxy.change({ isSilent: true });
    old.dialer.socket.write("a");
    old.acceptor.socket.write("b");
    other.acceptor.socket.resetAndDestroy();
    // Long enough for bytes to arrive if they were forwarded.
    await new Promise((passed) => setTimeout(passed, 50));
    expect([old.acceptor.text, old.dialer.text]).toEqual(["", ""]);
    expect([other.dialer.isEnded, other.dialer.error]).toEqual([false, undefined]);
    proxy.heal();
    await old.acceptor.has("a");
    await old.dialer.has("b");
    await expect.poll(() => other.dialer.error).toBe("ECONNRESET");
  });

  it("dials the target for a connection that began in silence only once healed", async () => {
    const { proxy, dial, acceptors } = await world();
    proxy.change({ isSilent: true });
    const dialer = dial();
    dialer.socket.write("late");
    await once(dialer.socket, "connect");
    await expect.poll(() => proxy.relayed().length).toBe(1);
    expect(acceptors).toEqual([]);
    proxy.heal();
    await expect.poll(() => acceptors[0]?.text).toBe("late");
  });

  it("cuts with a reset, or closes with an orderly end, at both ends", async () => {
    const { proxy, join } = await world();
    const first = await join();
    proxy.cut();
    await expect.poll(() => [first.dialer.error, first.acceptor.error]).toEqual(["ECONNRESET", "ECONNRESET"]);
    const second = await join();
    proxy.close();
    await expect.poll(() => [second.dialer.isEnded, second.acceptor.isEnded]).toEqual([true, true]);
    expect([second.dialer.error, second.acceptor.error]).toEqual([undefined, undefined]);
  });

  it("selects connections by their first lines, and leaves the others alone", async () => {
    const { proxy, join } = await world();
    const [game, ping] = [await join("join;game;1"), await join("join;ping;1")];
    proxy.change({ isSilent: true }, /^join;ping;/);
    ping.dialer.socket.write("held");
    game.dialer.socket.write("passes");
    await game.acceptor.has("passes");
    expect(ping.acceptor.text).toBe("");
    proxy.cut(/^join;ping;/);
    await expect.poll(() => ping.dialer.error).toBe("ECONNRESET");
    game.acceptor.socket.write("still");
    await game.dialer.has("still");
  });

  it("delays, and preserves the order despite jitter", async () => {
    const { proxy, join } = await world();
    const { dialer, acceptor } = await join();
    proxy.change({ delayMs: 40, jitterMs: 20 });
    const startMs = performance.now();
    for (const letter of "abcdefgh") dialer.socket.write(letter);
    await acceptor.has("abcdefgh");
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(40);
  });

  it("limits the bandwidth", async () => {
    const { proxy, join } = await world();
    const { dialer, acceptor } = await join();
    proxy.change({ bytesPerSecond: 100_000 });
    const startMs = performance.now();
    dialer.socket.write("x".repeat(10_000));
    await expect.poll(() => acceptor.text.length, { interval: 2 }).toBe(10_000);
    // The last chunk arrives before its time has passed.
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(75);
  });

  it("splits the stream into single bytes", async () => {
    const { proxy, join } = await world();
    const { dialer, acceptor } = await join();
    proxy.change({ segmentBytes: 1 });
    const text = "play;1;2;3;signature\n".repeat(10);
    dialer.socket.write(text);
    await acceptor.has(text);
    expect(acceptor.chunks.length).toBeGreaterThan(10);
  });

  it("joins bytes that arrive within a given time", async () => {
    const { proxy, join } = await world();
    const { dialer, acceptor } = await join();
    proxy.change({ glueMs: 300 });
    dialer.socket.write("a");
    await expect.poll(() => proxy.relayed()[0]?.dialerToAcceptor.receivedBytes, { interval: 2 }).toBe(7);
    dialer.socket.write("b");
    await acceptor.has("ab");
    expect(acceptor.chunks).toEqual(["ab"]);
  });

  it("slows a writer down to the speed of its reader", async () => {
    const { proxy, join } = await world();
    const { dialer, acceptor } = await join();
    acceptor.socket.pause();
    const megabytes = 40;
    for (let count = 0; count < megabytes; count += 1) dialer.socket.write("x".repeat(1_000_000));
    // The proxy and the kernel buffer some; the rest stays with the writer until the reader continues.
    await expect.poll(() => proxy.relayed()[0]!.dialerToAcceptor.receivedBytes).toBeGreaterThan(1_000_000);
    expect(dialer.socket.writableLength).toBeGreaterThan(0);
    acceptor.socket.resume();
    await expect.poll(() => acceptor.text.length).toBe(megabytes * 1_000_000);
  });

  it("makes everything later by a delay, and nothing slower", async () => {
    const { proxy, join } = await world();
    const { dialer, acceptor } = await join();
    proxy.change({ delayMs: 200 });
    let came = 0;
    acceptor.socket.removeAllListeners("data").on("data", (text: string) => {
      came += text.length;
    });
    const startMs = performance.now();
    dialer.socket.write(Buffer.alloc(10_000_000));
    await expect.poll(() => came, { interval: 2 }).toBe(10_000_000);
    // A queue of a quarter of a megabyte took 8 s.
    expect(performance.now() - startMs).toBeLessThan(3_000);
  });

  it("holds no more than the delay has room for, and slows the writer down", async () => {
    const { proxy, join } = await world();
    const { dialer } = await join();
    proxy.change({ delayMs: 3_600_000, bytesPerSecond: 100 });
    dialer.socket.write(Buffer.alloc(40_000_000));
    await expect.poll(() => proxy.relayed()[0]!.dialerToAcceptor.receivedBytes).toBeGreaterThan(500_000);
    await new Promise((passed) => setTimeout(passed, 50));
    expect(proxy.relayed()[0]!.dialerToAcceptor.receivedBytes).toBeLessThan(1_000_000);
    expect(dialer.socket.writableLength).toBeGreaterThan(0);
  });
});
