// Several servers of one game: what users of different servers see of each other, with a real PostgreSQL and Redis.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterAll, afterEach, describe, expect, it, onTestFinished } from "vitest";
import { askServer } from "../src/server/admin/admin-socket.ts";
import { type RedisServer, startRedis } from "../src/server/directory/redis/redis-server.fixture.ts";
import type { RunningServer } from "../src/server/server.ts";
import { PrivatePostgres } from "../src/server/store/postgres.fixture.ts";
import { startTemporaryServer } from "./servers/temporary-server.ts";
import { RawConnection } from "./wire/raw-connection.ts";

const KEY = "A".repeat(43);

const postgres = await PrivatePostgres.start();
let redis = await startRedis();
afterAll(async () => {
  await redis?.stop();
  await postgres?.remove();
});

interface Player {
  control: RawConnection;
  tls: RawConnection;
  token: string;
}

let open: RawConnection[] = [];
let servers: RunningServer[] = [];

afterEach(async () => {
  for (const { socket } of open) socket.destroy();
  await Promise.all(servers.map((server) => server.stop()));
  open = [];
  servers = [];
});

async function newServers(count: number): Promise<RunningServer[]> {
  const database = await (postgres as PrivatePostgres).newPlace();
  const presence = (redis as RedisServer).url;
  const started = Array.from({ length: count }, () => startTemporaryServer({ database, presence }));
  servers = await Promise.all(started);
  return servers;
}

/** A connection with a heartbeat, not logged in. */
async function connect({ port, tlsPort }: RunningServer): Promise<Omit<Player, "token">> {
  const control = await RawConnection.open(port);
  const { id = "" } = await control.sees("secport;<port>;<id>");
  const tls = await RawConnection.openTls(tlsPort);
  await tls.asks(`bind;${id}`, "bindACK;<key>");
  const heartbeat = (await RawConnection.open(port)).answersPings();
  await heartbeat.sees("secport;<port>;<id>");
  await heartbeat.asks(`heartbeat;${id}`, "heartbeatACK;<interval>");
  open.push(control, tls, heartbeat);
  return { control, tls };
}

async function join(server: RunningServer, user: string): Promise<Player> {
  const { control, tls } = await connect(server);
  await tls.asks(`adduser;${user};correct horse`, `adduserACK;${user}`);
  const { token = "" } = await tls.asks(`login;${user};correct horse;${KEY}`, `loginACK;${user};<token>`);
  return { control, tls, token };
}

async function resume(server: RunningServer, user: string, token: string): Promise<Player> {
  const { control, tls } = await connect(server);
  await tls.asks(`resume;${token};${KEY}`, `resumeACK;${user};${token}`);
  return { control, tls, token };
}

describe.skipIf(!postgres || !redis)("servers of one game", () => {
  it("list each other's users, and take over a user who logs in at another server", async () => {
    const [one, other] = (await newServers(2)) as [RunningServer, RunningServer];
    const alan = await join(one, "Alan");
    const beto = await join(other, "Beto");
    await alan.control.asks("list", "listACK;Alan:free;Beto:free");
    await beto.control.asks("leaders", "leadersACK;Alan:0;Beto:0");
    const again = await resume(other, "Alan", alan.token);
    await alan.control.sees("disconnect;REPLACED");
    await again.control.asks("list", "listACK;Alan:free;Beto:free");
  });

  it("do what an operator asks of one of them for the users of all", async () => {
    const folder = mkdtempSync(joinPath(tmpdir(), "velha-cluster-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const database = await (postgres as PrivatePostgres).newPlace();
    const presence = (redis as RedisServer).url;
    const one = await startTemporaryServer({ database, presence, dataDirectory: folder });
    const other = await startTemporaryServer({ database, presence });
    servers = [one, other];
    const [alan, beto] = [await join(one, "Alan"), await join(other, "Beto")];
    expect(await askServer(folder, ["ban", "beto"])).toEqual({ ok: true, lines: ["Beto is banned."] });
    await beto.control.sees("disconnect;ENDED");
    const again = await connect(other);
    await again.tls.asks("login;Beto;correct horse", "loginERR;BANNED;…");
    await again.tls.asks(`resume;${beto.token}`, "resumeERR;BAD_TOKEN;…");
    expect(await askServer(folder, ["delete", "beto"])).toEqual({ ok: true, lines: ["Beto is deleted."] });
    await expect
      .poll(async () => {
        again.control.says("leaders");
        return again.control.nextLine("leaders");
      })
      .toBe("leadersACK;Alan:0");
    expect(await askServer(folder, ["backup", "x.db"])).toMatchObject({
      ok: false,
      reason: expect.stringContaining("pg_dump"),
    });
    alan.control.says("list");
    await alan.control.sees("listACK;Alan:free");
  });

  it("bring players of two servers into a match, which continues wherever they reconnect", async () => {
    const [one, other] = (await newServers(2)) as [RunningServer, RunningServer];
    const alan = await join(one, "Alan");
    const beto = await join(other, "Beto");
    alan.control.says("begin;beto");
    await beto.control.sees("invite;Alan");
    beto.control.says("inviteACK;Alan");
    await alan.control.sees("beginACK;Beto");
    await alan.control.asks("begin;Beto", "beginERR;BUSY;…");
    beto.control.says("answer;Alan;True;4000;Beto;4001");
    const { ticket = "" } = await beto.control.sees("answerACK;Alan;<ticket>");
    await alan.control.sees("answer;Beto;True;127.0.0.1;4000;4001;<ticket>", { ticket });
    alan.control.says("answerACK;Beto");
    await alan.control.asks("list", "listACK;Alan:playing;Beto:playing");
    await alan.control.asks("logout", "logoutERR;IN_MATCH;…");
    const again = await resume(other, "Alan", alan.token);
    await again.control.asks(`playing;${ticket}`, "playingACK;<match>");
    await again.control.asks("list", "listACK;Alan:playing;Beto:playing");
    await again.control.asks(`result;Alan;Beto;ABANDONED;${ticket}`, "resultACK;<match>;PENDING;0");
    await expect.poll(() => again.control.says("list").nextLine()).toBe("listACK;Alan:free;Beto:playing");
    const back = await resume(one, "Beto", beto.token);
    await beto.control.sees("disconnect;REPLACED");
    await back.control.asks(`result;Beto;Alan;ABANDONED;${ticket}`, "resultACK;<match>;VOID;0");
    await again.control.sees("settled;<match>;VOID;0");
    await expect.poll(() => again.control.says("list").nextLine()).toBe("listACK;Alan:free;Beto:free");
  });

  it("forward the end of an invitation: cancelled, declined, or a player disconnected", async () => {
    const [one, other] = (await newServers(2)) as [RunningServer, RunningServer];
    const alan = await join(one, "Alan");
    const beto = await join(other, "Beto");
    const invite = async () => {
      alan.control.says("begin;Beto");
      await beto.control.sees("invite;Alan");
      beto.control.says("inviteACK;Alan");
      await alan.control.sees("beginACK;Beto");
    };
    await invite();
    await alan.control.asks("cancel;Beto", "cancelACK;Beto");
    await beto.control.sees("cancel;Alan;CANCELLED");
    await alan.control.asks("cancel;Beto", "cancelERR;NO_INVITATION;…");
    await invite();
    await beto.control.asks("answer;Alan;False", "answerACK;Alan");
    await alan.control.sees("answer;Beto;False;DECLINED");
    await invite();
    await beto.control.asks("logout", "logoutACK");
    await alan.control.sees("answer;Beto;False;DISCONNECTED");
    await alan.control.asks("begin;Beto", "beginERR;NOT_CONNECTED;…");
  });

  it("work independently while Redis is down, and find each other again when it is back and empty", async () => {
    const [one, other] = (await newServers(2)) as [RunningServer, RunningServer];
    const alan = await join(one, "Alan");
    const beto = await join(other, "Beto");
    const { port, stop } = redis as RedisServer;
    await stop();
    await expect.poll(() => alan.control.says("list").nextLine()).toBe("listACK;Alan:free");
    const carla = await join(one, "Carla");
    await carla.control.asks("list", "listACK;Alan:free;Carla:free");
    await carla.control.asks("leaders", "leadersACK;Alan:0;Beto:0;Carla:0");
    const twice = await resume(one, "Beto", beto.token);
    redis = await startRedis(port);
    await beto.control.sees("disconnect;REPLACED");
    const all = "listACK;Alan:free;Beto:free;Carla:free";
    const onOther = await connect(other);
    await expect.poll(() => onOther.control.says("list").nextLine(), { timeout: 8_000 }).toBe(all);
    await twice.control.asks("list", all);
  });
});
