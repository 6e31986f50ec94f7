// One contract for every directory: two servers meet in it.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Directory, DirectoryListener } from "./directory.ts";
import { MeetingPlace, MemoryDirectory } from "./memory-directory.ts";
import type { Player } from "./player.ts";
import { RedisDirectory } from "./redis/redis-directory.ts";
import { RedisLink } from "./redis/redis-link.ts";
import { type RedisServer, startRedis } from "./redis/redis-server.fixture.ts";
import type { ServerEvent } from "./server-event.ts";

const LONG_LEASE_MS = 60_000;
const SHORT_LEASE_MS = 800;
const RENEW_MS = 100;
const settled: ServerEvent = {
  kind: "matchSettled",
  settled: { matchId: "m1", inviter: "Alan", invitee: "Beto", outcome: "draw", toTell: [] },
};

interface Server {
  directory: Directory;
  heard: string[];
}

interface Game {
  server(name: string): Promise<Server>;
  /** Without a goodbye. */
  kill(server: Server, name: string): void;
  end(): Promise<void>;
}

function listener(heard: string[]): DirectoryListener {
  return {
    onEvent: (event, from) => heard.push(`${event.kind} from ${from}`),
    onReplaced: (connectionId) => heard.push(`${connectionId} is replaced`),
    onServerGone: (server) => heard.push(`${server} is gone`),
    onGap: () => heard.push("gap"),
  };
}

let lastConnection = 0;
function player(user: string): Player {
  const connectionId = `${user}${++lastConnection}`;
  return { user, connectionId, publicKey: "key", address: "10.0.0.1", serverAddress: "10.0.0.9" };
}

/** The condition holds in the end; only how soon is not looked at. */
async function eventually<T>(read: () => T | Promise<T>, expected: unknown): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (JSON.stringify(await read()) === JSON.stringify(expected)) return;
    await delay(20);
  }
  expect(await read()).toEqual(expected);
}

async function come(server: Server, newcomer: Player, isPlaying = false): Promise<void> {
  server.directory.present(newcomer, isPlaying);
  await server.directory.announced(newcomer);
}

function memoryGame(): Game {
  const place = new MeetingPlace(Date.now);
  return {
    async server(name) {
      const heard: string[] = [];
      const directory = new MemoryDirectory(place, name);
      directory.join(listener(heard));
      return { directory, heard };
    },
    kill: (_server, name) => place.lose(name),
    end: async () => {},
  };
}

const redis: RedisServer | null = await startRedis();
const url = redis?.url ?? "";

async function redisServer(name: string, leaseMs: number, links: RedisLink[]): Promise<Server> {
  const heard: string[] = [];
  const link = await RedisLink.open(url, {});
  links.push(link);
  const times = { leaseMs, renewMs: RENEW_MS, rememberMs: 60_000 };
  const directory = new RedisDirectory(link, { server: name, ...times, nowMs: Date.now });
  await directory.join(listener(heard));
  return { directory, heard };
}

function redisGame(leaseMs: number): Game {
  const links: RedisLink[] = [];
  const servers: Server[] = [];
  return {
    async server(name) {
      const server = await redisServer(name, leaseMs, links);
      servers.push(server);
      return server;
    },
    kill(server) {
      links[servers.indexOf(server)]?.close();
    },
    async end() {
      for (const { directory } of servers) await directory.close();
      const link = await RedisLink.open(url, {});
      await link.run((client) => client.flushAll());
      link.close();
    },
  };
}

afterAll(() => redis?.stop());

const games: [string, (leaseMs: number) => Game][] = [["in memory", memoryGame]];
if (redis) games.push(["in Redis", redisGame]);

describe.each(games)("the directory %s", (_title, newGame) => {
  let game: Game;
  let one: Server;
  let other: Server;
  const alan = player("Alan");
  const beto = player("beto");

  const start = async (leaseMs = LONG_LEASE_MS) => {
    game = newGame(leaseMs);
    one = await game.server("one");
    other = await game.server("other");
  };

  afterEach(() => game.end());

  it("lists the users of all servers, by name without regard to case, free or playing", async () => {
    await start();
    await come(other, beto, true);
    await come(one, player("Carla"));
    await come(one, alan);
    for (const { directory } of [one, other])
      expect(await directory.page(0)).toBe("listACK;Alan:free;beto:playing;Carla:free");
    expect(await one.directory.page(2)).toBe("listACK;Carla:free");
    expect(await one.directory.page(3)).toBe("listACK");
    await come(one, alan, true);
    other.directory.absent(beto);
    await eventually(() => one.directory.page(0), "listACK;Alan:playing;Carla:free");
  });

  it("gives at most 1,000 from the offset on", async () => {
    await start();
    for (let n = 0; n < 1_200; n++) one.directory.present(player(`p${String(n).padStart(4, "0")}`), false);
    await come(one, player("zoe"));
    const page = async (offset: number) => (await other.directory.page(offset)).split(";");
    expect(await page(0)).toHaveLength(1_001);
    expect((await page(1_000)).at(-1)).toBe("zoe:free");
  });

  it("counts the users of each server", async () => {
    await start();
    await come(one, alan);
    await come(one, player("Carla"));
    const counts = async ({ directory }: Server) =>
      (await directory.servers()).map(({ server, users, isThis }) => [server, users, isThis]);
    await eventually(
      () => counts(one),
      [
        ["one", 2, true],
        ["other", 0, false],
      ],
    );
    expect(await counts(other)).toEqual([
      ["one", 2, false],
      ["other", 0, true],
    ]);
  });

  it("tells a server when its user logged in elsewhere later", async () => {
    await start();
    await come(one, alan);
    const again = player("ALAN");
    await come(other, again);
    await eventually(() => one.heard, [`${alan.connectionId} is replaced`]);
    one.directory.absent(alan);
    await come(one, beto);
    expect(await other.directory.page(0)).toBe("listACK;ALAN:free;beto:free");
    expect(other.heard).toEqual([]);
  });

  it("brings an event to the server of a user, to a server, or to all others", async () => {
    await start();
    await come(other, beto);
    expect(await one.directory.sendToUser("BETO", settled)).toBe("other");
    expect(await other.directory.sendToServer("one", settled)).toBe(true);
    one.directory.sendToAll(settled);
    const event = "matchSettled from";
    await eventually(() => [one.heard, other.heard], [[`${event} other`], [`${event} one`, `${event} one`]]);
  });

  it("reports when no server received an event", async () => {
    await start();
    expect(await one.directory.sendToUser("nobody", settled)).toBe(null);
    expect(await one.directory.sendToServer("nowhere", settled)).toBe(false);
  });

  it("knows whether a user is connected, since when not, and which match that connection plays", async () => {
    await start();
    await come(one, alan);
    one.directory.attends(alan, "m1");
    await eventually(() => other.directory.whereabouts("alan"), { seenMsAgo: 0, attends: "m1" });
    await come(one, alan, true);
    expect(await other.directory.whereabouts("alan")).toEqual({ seenMsAgo: 0, attends: "m1" });
    const again = player("Alan");
    await come(other, again);
    expect(await one.directory.whereabouts("alan")).toEqual({ seenMsAgo: 0, attends: null });
    other.directory.absent(again);
    await eventually(async () => (await one.directory.whereabouts("alan"))?.attends, null);
    const left = await one.directory.whereabouts("alan");
    expect(left?.seenMsAgo).toBeGreaterThanOrEqual(0);
  });

  it("forgets the users of a server that dies, and tells the others", async () => {
    await start(SHORT_LEASE_MS);
    await come(one, alan);
    await come(other, beto);
    await eventually(() => one.directory.page(0), "listACK;Alan:free;beto:free");
    game.kill(other, "other");
    await eventually(() => one.directory.page(0), "listACK;Alan:free");
    await eventually(() => one.heard.includes("other is gone"), true);
    expect(await one.directory.sendToUser("beto", settled)).toBe(null);
  });
});

if (redis)
  it("announces several changes at once, and nothing when nothing has changed", async () => {
    const game = redisGame(LONG_LEASE_MS);
    const { directory } = await game.server("one");
    const alan = player("Alan");
    const counting = await RedisLink.open(url, {});
    const claims = async () => {
      const stats = (await counting.run((client) => client.info("commandstats"))) ?? "";
      return Number(/cmdstat_hset:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    };
    const before = await claims();
    directory.present(alan, false);
    await directory.announced(alan);
    directory.present(alan, true);
    directory.attends(alan, "m1");
    await directory.announced(alan);
    directory.present(alan, true);
    await directory.announced(alan);
    expect((await claims()) - before).toBe(2);
    counting.close();
    await game.end();
  });
