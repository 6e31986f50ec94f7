import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RedisDirectory } from "./redis-directory.ts";
import { RedisLeaderboard } from "./redis-leaderboard.ts";
import { RedisLink } from "./redis-link.ts";
import { type RedisServer, startRedis } from "./redis-server.fixture.ts";

const redis = await startRedis();
afterAll(() => redis?.stop());

const toClose: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of toClose.splice(0).reverse()) await each.close();
});

const inTime = { timeout: 10_000 };
const deaf = { onEvent() {}, onReplaced() {}, onServerGone() {}, onGap() {} };

async function linked(url = (redis as RedisServer).url): Promise<RedisLink> {
  const link = await RedisLink.open(url, {});
  toClose.push(link);
  return link;
}

/** What the store holds of one player. */
let points = 0;

function leaderboard(link: RedisLink, server: string): RedisLeaderboard {
  return new RedisLeaderboard({
    ...{ link, server, nowMs: Date.now },
    store: { scores: async () => [{ user: "alan", points }] },
  });
}

async function join(link: RedisLink, server: string): Promise<void> {
  const times = { leaseMs: 800, renewMs: 100, rememberMs: 60_000 };
  const directory = new RedisDirectory(link, { server, ...times, nowMs: Date.now });
  toClose.push(directory);
  await directory.join(deaf);
}

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
  beforeEach(async () => {
    points = 0;
    await (await linked()).run((client) => client.flushAll());
  });

  it("is right on all servers once a server that was cut off is back", async () => {
    const way = new Way((redis as RedisServer).port);
    const cutOff = await linked(await way.open());
    const [its, others] = [leaderboard(cutOff, "one"), leaderboard(await linked(), "two")];
    expect(await others.page(0)).toBe("leadersACK;alan:0");

    way.cut();
    points = 2;
    its.add("alan", 2);
    await way.open();
    const isBack = () => cutOff.run((client) => client.ping(), { isProbe: true });
    await vi.waitUntil(async () => (await isBack()) !== null, inTime);
    await vi.waitUntil(async () => (await others.page(0)) === "leadersACK;alan:2", inTime);
    way.cut();
  });

  it("is rebuilt when a server dies, because its last points may be only in the store", async () => {
    const [dying, staying] = [await linked(), await linked()];
    await join(dying, "one");
    await join(staying, "two");
    const others = leaderboard(staying, "two");
    expect(await others.page(0)).toBe("leadersACK;alan:0");

    points = 2;
    dying.close();
    await vi.waitUntil(async () => (await others.page(0)) === "leadersACK;alan:2", inTime);
  });

  it("expires within seconds when points arrive that it may already contain", async () => {
    const link = await linked();
    const its = leaderboard(link, "one");
    const secondsLeft = async () => (await link.run((client) => client.ttl("velha:leaders"))) ?? 0;
    await its.page(0);
    its.add("beto", 0);
    await vi.waitUntil(async () => (await its.page(0)) === "leadersACK;alan:0;beto:0", inTime);
    expect(await secondsLeft()).toBeGreaterThan(60);

    its.add("alan", 2);
    await vi.waitUntil(async () => (await its.page(0)) === "leadersACK;alan:2;beto:0", inTime);
    expect(await secondsLeft()).toBeLessThanOrEqual(10);
  });
});
