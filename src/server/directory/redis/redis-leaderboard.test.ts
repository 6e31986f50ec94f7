import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, describe, expect, it, vi } from "vitest";
import { RedisLeaderboard } from "./redis-leaderboard.ts";
import { RedisLink } from "./redis-link.ts";
import { type RedisServer, startRedis } from "./redis-server.fixture.ts";

const redis = await startRedis();
afterAll(() => redis?.stop());

/** A way to Redis that can be cut for one server alone. */
class Way {
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #itsPort = 0;

  constructor(port: number) {
    this.#port = port;
  }

  async open(): Promise<string> {
    this.#server = createServer((socket) => {
      const onward = connect(this.#port, "127.0.0.1");
      for (const end of [socket, onward]) this.#sockets.add(end.on("error", () => {}));
      socket.pipe(onward).pipe(socket);
    });
    await once(this.#server.listen(this.#itsPort, "127.0.0.1"), "listening");
    this.#itsPort = (this.#server.address() as AddressInfo).port;
    return `redis://127.0.0.1:${this.#itsPort}`;
  }

  cut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

describe.skipIf(!redis)("the leaderboard of servers that share a Redis", () => {
  it("is right on all of them once a server that was cut off is back, whoever asks", async () => {
    const { url } = redis as RedisServer;
    const way = new Way(Number(new URL(url).port));
    const [cutOff, other] = [await RedisLink.open(await way.open(), {}), await RedisLink.open(url, {})];
    let points = 0;
    const options = { store: { scores: async () => [{ user: "alan", points }] }, nowMs: Date.now };
    const its = new RedisLeaderboard({ ...options, link: cutOff, server: "one" });
    const others = new RedisLeaderboard({ ...options, link: other, server: "two" });
    expect(await others.page(0)).toBe("leadersACK;alan:0");

    way.cut();
    points = 2;
    its.add("alan", 2);
    await way.open();
    const isBack = () => cutOff.run((client) => client.ping(), { isProbe: true });
    await vi.waitUntil(async () => (await isBack()) !== null, { timeout: 10_000 });
    await vi.waitUntil(async () => (await others.page(0)) === "leadersACK;alan:2", { timeout: 10_000 });

    cutOff.close();
    other.close();
    way.cut();
  });
});
