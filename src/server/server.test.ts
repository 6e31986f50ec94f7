// The whole server over real sockets, with a clock that goes when the test says so.
import { readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { RawConnection } from "../../test/wire/raw-connection.ts";
import {
  comeBack,
  connect,
  join,
  openControl,
  openTls,
  startMatch,
  type WholeClient,
} from "../../test/wire/whole-client.ts";
import { ManualClock } from "../shared/clock/manual-clock.fixture.ts";
import { type RunningServer, startServer } from "./server.ts";
import { tempDirectory } from "./temp-directory.fixture.ts";

const HOUR_MS = 3_600_000;

let folder: string;
let clock: ManualClock;
let server: RunningServer;

async function start(heartbeatMs = HOUR_MS): Promise<void> {
  const running = await startServer({
    host: "127.0.0.1",
    port: 0,
    dataDirectory: joinPath(folder, "data"),
    certsDirectory: joinPath(folder, "certs"),
    heartbeatMs,
    minPasswordLength: 8,
    clock,
  });
  server = running;
  onTestFinished(() => running.stop());
}

/** What the log says after the two lines of the start, without the times. */
function logged(): string[] {
  const lines = readFileSync(joinPath(folder, "data", "log.txt"), "utf8")
    .trimEnd()
    .split("\n");
  return lines.slice(2).map((line) => line.slice("[2021-06-20 15:50:00 +00:00] ".length));
}

const port = (connection: RawConnection) => connection.socket.localPort;

async function joinBoth(): Promise<[WholeClient, WholeClient]> {
  return [await join(server, "Alan"), await join(server, "Beto")];
}

/** Waits until the server has nothing left to do for what was asked before. */
async function settle(connection: RawConnection): Promise<void> {
  await connection.asks("leaders;999", "leadersACK");
}

beforeEach(() => {
  folder = tempDirectory();
  clock = new ManualClock();
});

describe("after its time limit", () => {
  beforeEach(() => start());

  it("a TLS connection ends after 30 s without a message", async () => {
    const { connectionId } = await openControl(server);
    const { tls } = await openTls(server, connectionId);
    clock.advance(20_000);
    await tls.asks("adduser;Alan;x", "adduserERR;BAD_PASSWORD;…");
    clock.advance(29_999);
    await tls.asks("adduser;Alan;x", "adduserERR;BAD_PASSWORD;…");
    clock.advance(30_000);
    await tls.seesClose();
  });

  it("a TLS connection that never sends anything ends", async () => {
    const tls = await RawConnection.openTls(server.tlsPort);
    tls.says("list");
    await tls.sees("listERR;NOT_BOUND;…");
    clock.advance(30_000);
    await tls.seesClose();
  });

  it("begin is NO_REPLY when no inviteACK comes within 5 s", async () => {
    const [alan, beto] = await joinBoth();
    alan.control.says("begin;Beto");
    await beto.control.sees("invite;Alan");
    clock.advance(4_999);
    await alan.control.asks("list", "listACK;Alan:free;Beto:free");
    clock.advance(1);
    await alan.control.sees("beginERR;NO_REPLY;…");
    await beto.control.asks("answer;Alan;False", "answerERR;NO_INVITATION;…");
  });

  it("an invitation ends for both after 30 s", async () => {
    const [alan, beto] = await joinBoth();
    alan.control.says("begin;Beto");
    await beto.control.sees("invite;Alan");
    clock.advance(4_000);
    beto.control.says("inviteACK;Alan");
    await alan.control.sees("beginACK;Beto");
    clock.advance(25_999);
    await alan.control.asks("begin;Beto", "beginERR;BUSY;…");
    clock.advance(1);
    await alan.control.sees("answer;Beto;False;EXPIRED");
    await beto.control.sees("cancel;Alan;EXPIRED");
  });

  it("a match that broke off is settled after 180 s, and the player who did not report it is told", async () => {
    const [alan, beto] = await joinBoth();
    const ticket = await startMatch(alan, beto);
    await alan.control.asks(`result;Alan;Beto;ABANDONED;${ticket}`, "resultACK;<id>;PENDING;0");
    await alan.control.asks("list", "listACK;Alan:free;Beto:playing");
    clock.advance(180_000);
    await alan.control.sees("settled;<id>;VOID;0");
    await beto.control.sees("settled;<id>;VOID;0");
    await beto.control.asks("list", "listACK;Alan:free;Beto:free");
  });

  it("a player who is gone for 180 s loses the match to the one who reports", async () => {
    const [alan, beto] = await joinBoth();
    const ticket = await startMatch(alan, beto);
    beto.close();
    await alan.control.asks(`result;Alan;Beto;ABANDONED;${ticket}`, "resultACK;<id>;PENDING;0");
    await alan.control.asks("list", "listACK;Alan:free");
    clock.advance(180_000);
    await alan.control.sees("settled;<id>;WIN;2");
    await alan.control.asks("leaders", "leadersACK;Alan:2;Beto:0");
  });
});

describe("a heartbeat", () => {
  it("that stops ends a client's connections, but neither its session nor its match", async () => {
    await start(10_000);
    const [alan, beto] = await joinBoth();
    const ticket = await startMatch(alan, beto);
    const betoPort = port(beto.control);
    beto.heartbeat.socket.pause();
    for (let second = 0; second < 35; second++) {
      clock.advance(1_000);
      await settle(alan.control);
    }
    await beto.control.sees("disconnect;NO_HEARTBEAT");
    await beto.control.seesClose();
    await alan.control.asks("list", "listACK;Alan:playing");
    const back = await connect(server);
    await back.tls.asks(`resume;${beto.token}`, `resumeACK;Beto;${beto.token}`);
    await back.control.asks(`playing;${ticket}`, "playingACK;<id>");
    await back.control.asks("list", "listACK;Alan:playing;Beto:playing");
    expect(logged()).toContain(`Heartbeat lost: user 'Beto' from ip 127.0.0.1 and port ${betoPort}`);
  });
});

describe("the log", () => {
  beforeEach(() => start());

  it("reports a client once, although it has several connections", async () => {
    const client = await connect(server);
    clock.advance(100);
    await settle(client.control);
    const who = `ip 127.0.0.1 and port ${port(client.control)}`;
    client.control.says("exit");
    await client.control.sees("exitACK");
    await client.control.seesClose();
    await client.heartbeat.seesClose();
    const { control } = await openControl(server);
    await settle(control);
    expect(logged().slice(0, 2)).toEqual([`Client connected from ${who}`, `Client disconnected from ${who}`]);
  });

  it("does not report a connection without a second one, which is not a client's", async () => {
    const { control, connectionId } = await openControl(server);
    await settle(control);
    expect(logged()).toEqual([]);
    await openTls(server, connectionId);
    await settle(control);
    expect(logged()).toEqual([`Client connected from ip 127.0.0.1 and port ${port(control)}`]);
  });

  it("reports a client before its login", async () => {
    const alan = await join(server, "Alan");
    await settle(alan.control);
    const from = `from ip 127.0.0.1 and port ${port(alan.control)}`;
    expect(logged()).toEqual([
      `Client connected ${from}`,
      "User 'Alan' was created from ip 127.0.0.1",
      "User 'Alan' successfully logged in from ip 127.0.0.1",
    ]);
  });

  it("reports successful and failed logins, and matches from start to winner", async () => {
    const [alan, beto] = await joinBoth();
    const ticket = await startMatch(alan, beto);
    await alan.control.asks(`result;Alan;Beto;ABANDONED;${ticket}`, "resultACK;<id>;PENDING;0");
    const { id } = await beto.control.asks(`result;Beto;Alan;ABANDONED;${ticket}`, "resultACK;<id>;VOID;0");
    const { connectionId } = await openControl(server);
    const { tls } = await openTls(server, connectionId);
    await tls.asks("login;alan%0A[2021-06-20 15%3A50%3A00] x;wrong horse", "loginERR;BAD_CREDENTIALS;…");
    await tls.asks("login;alan;wrong horse", "loginERR;BAD_CREDENTIALS;…");
    const lines = logged().filter((line) => !line.startsWith("Client"));
    expect(lines).toEqual([
      "User 'Alan' was created from ip 127.0.0.1",
      "User 'Alan' successfully logged in from ip 127.0.0.1",
      "User 'Beto' was created from ip 127.0.0.1",
      "User 'Beto' successfully logged in from ip 127.0.0.1",
      `Match ${id} started between 'Alan' and 'Beto'`,
      `Match ${id} ended between 'Alan' and 'Beto': void`,
      "User 'alan%0A[2021-06-20 15:50:00] x' failed to log in from ip 127.0.0.1",
      "User 'alan' failed to log in from ip 127.0.0.1",
    ]);
  });

  it("writes one line for a client that sends malformed lines repeatedly", async () => {
    for (let count = 0; count < 3; count++) {
      const { control } = await openControl(server);
      await control.says("\0").sees("ERR;BAD_LINE;…");
      await control.seesClose();
    }
    expect(logged().filter((line) => line.includes("violation"))).toHaveLength(1);
  });
});

describe("a restart", () => {
  it("finds the open matches, and their players playing", async () => {
    await start();
    const [alan, beto] = await joinBoth();
    const ticket = await startMatch(alan, beto);
    await server.stop();
    await start();
    const back = await comeBack(server, "Alan");
    await back.control.asks("list", "listACK;Alan:playing");
    await back.control.asks("logout", "logoutERR;IN_MATCH;…");
    await back.control.asks(`playing;${ticket}`, "playingACK;<id>");
    clock.advance(180_000);
    await back.control.asks(`playing;${ticket}`, "playingACK;<id>");
  });

  it("settles as VOID a match whose players do not come back within 180 s", async () => {
    await start();
    const [alan, beto] = await joinBoth();
    const ticket = await startMatch(alan, beto);
    await server.stop();
    await start();
    const back = await comeBack(server, "Alan");
    clock.advance(180_000);
    await back.control.sees("settled;<id>;VOID;0");
    await back.control.asks(`playing;${ticket}`, "playingERR;UNKNOWN_MATCH;…");
    await back.control.asks("list", "listACK;Alan:free");
  });
});
