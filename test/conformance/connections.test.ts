// docs/PROTOCOL.md §2: the three connections of a client.
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ServerProcess } from "../servers/server-process.ts";
import { RawConnection } from "../wire/raw-connection.ts";
import { connect, join, openControl, openHeartbeat, openTls } from "../wire/whole-client.ts";

const INTERVAL_MS = 200;
let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start(["--heartbeat", String(INTERVAL_MS / 1_000)]);
});
afterAll(() => server.dispose());

const anyId = Buffer.alloc(16, 1).toString("base64url");

describe("the control connection", () => {
  test("the server sends first: its TLS port, and a connection id of 16 random bytes", async () => {
    const names = new Set<string>();
    for (let count = 0; count < 5; count++) {
      const control = await RawConnection.open(server.port);
      const { id } = await control.sees(`secport;${server.tlsPort};<id>`);
      expect(Buffer.from(id as string, "base64url")).toHaveLength(16);
      names.add(id as string);
      control.close();
    }
    expect(names.size).toBe(5);
  });

  test("without a heartbeat connection it is closed after six intervals", async () => {
    const { control } = await openControl(server);
    const openedAtMs = performance.now();
    await control.sees("disconnect;NO_HEARTBEAT");
    await control.seesClose();
    expect(performance.now() - openedAtMs).toBeGreaterThan(5 * INTERVAL_MS);
  });
});

describe("the heartbeat connection", () => {
  test("gets the interval, then pings with 1, 2, 3 …", async () => {
    const { control, connectionId } = await openControl(server);
    const heartbeat = await RawConnection.open(server.port);
    await heartbeat.sees("secport;…");
    await heartbeat.asks(`heartbeat;${connectionId}`, `heartbeatACK;${INTERVAL_MS}`);
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) {
      await heartbeat.sees(`ping;${n}`);
      heartbeat.says(`pong;${n}`);
    }
    await control.asks("list", "listACK");
    control.close();
    await heartbeat.seesClose();
  });

  test("with an unknown id is UNKNOWN_CONNECTION", async () => {
    const heartbeat = await RawConnection.open(server.port);
    await heartbeat.sees("secport;…");
    await heartbeat.asks(`heartbeat;${anyId}`, "heartbeatERR;UNKNOWN_CONNECTION…");
    heartbeat.close();
  });

  test("without an id is BAD_ARGUMENTS", async () => {
    const heartbeat = await RawConnection.open(server.port);
    await heartbeat.sees("secport;…");
    await heartbeat.asks("heartbeat", "heartbeatERR;BAD_ARGUMENTS;…");
    heartbeat.close();
  });

  test("cannot be bound twice, but again after the first has ended", async () => {
    const client = await connect(server);
    const second = await RawConnection.open(server.port);
    await second.sees("secport;…");
    await second.asks(`heartbeat;${client.connectionId}`, "heartbeatERR;ALREADY_BOUND…");
    client.heartbeat.close();
    let line: string;
    do {
      second.says(`heartbeat;${client.connectionId}`);
      line = await second.nextLine();
    } while (line.startsWith("heartbeatERR;ALREADY_BOUND"));
    expect(line).toBe(`heartbeatACK;${INTERVAL_MS}`);
    client.close();
    second.close();
  });

  test("without a pong for two intervals closes all the client's connections and takes it off the list", async () => {
    const alan = await join(server, "Alan");
    const { control: other, connectionId } = await openControl(server);
    await openHeartbeat(server, connectionId);
    await other.asks("list", "listACK;Alan:free");
    alan.heartbeat.close();
    const mute = await RawConnection.open(server.port);
    await mute.sees("secport;…");
    let line: string;
    do {
      mute.says(`heartbeat;${alan.connectionId}`);
      line = await mute.nextLine();
    } while (line.startsWith("heartbeatERR;ALREADY_BOUND"));
    await mute.sees("ping;1");
    await alan.control.sees("disconnect;NO_HEARTBEAT");
    await alan.control.seesClose();
    await alan.tls.seesClose();
    await other.asks("list", "listACK");
    other.close();
  });

  test("with pongs for numbers that were never sent counts as silent", async () => {
    const { control, connectionId } = await openControl(server);
    const liar = await RawConnection.open(server.port);
    await liar.sees("secport;…");
    await liar.asks(`heartbeat;${connectionId}`, "heartbeatACK;…");
    liar.says("pong;1", "pong;2", "pong;999");
    await liar.sees("ping;1");
    liar.says("pong;77");
    await control.sees("disconnect;NO_HEARTBEAT");
    await control.seesClose();
  });
});

describe("the TLS connection", () => {
  test("is TLS 1.2 or later", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const)
      expect(await protocolSpoken({ minVersion: version, maxVersion: version })).toBe(version);
    const old = protocolSpoken({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" });
    await expect(old).rejects.toThrow();
  });

  test("sends nothing first, and requires bind first", async () => {
    const { control, connectionId } = await openControl(server);
    const tls = await RawConnection.openTls(server.tlsPort);
    await tls.asks("login;Alan;correct horse", "loginERR;NOT_BOUND;…");
    await tls.asks("adduser;Alan;correct horse", "adduserERR;NOT_BOUND;…");
    await tls.asks("resume;AAAA", "resumeERR;NOT_BOUND;…");
    await tls.asks("passwd;a;b", "passwdERR;NOT_BOUND;…");
    await tls.asks("list", "listERR;NOT_BOUND;…");
    await tls.asks(`bind;${anyId}`, "bindERR;UNKNOWN_CONNECTION;…");
    await tls.asks(`bind;${connectionId}`, "bindACK;<key>");
    await tls.asks(`bind;${connectionId}`, "bindERR;ALREADY_BOUND;…");
    tls.close();
    control.close();
  });

  test("gets a ticket key of 32 bytes, the same for everybody", async () => {
    const [one, two] = [await openControl(server), await openControl(server)];
    const [first, second] = [
      await openTls(server, one.connectionId),
      await openTls(server, two.connectionId),
    ];
    expect(Buffer.from(first.ticketKey, "base64url")).toHaveLength(32);
    expect(second.ticketKey).toBe(first.ticketKey);
    for (const connection of [one.control, two.control]) connection.close();
    await first.tls.seesClose();
    await second.tls.seesClose();
  });

  test("cannot be bound twice, but again after the client has closed the first", async () => {
    const client = await connect(server);
    const second = await RawConnection.openTls(server.tlsPort);
    await second.asks(`bind;${client.connectionId}`, "bindERR;ALREADY_BOUND;…");
    client.tls.close();
    let line: string;
    do {
      second.says(`bind;${client.connectionId}`);
      line = await second.nextLine();
    } while (line.startsWith("bindERR;ALREADY_BOUND"));
    expect(line).toBe(`bindACK;${client.ticketKey}`);
    await client.control.asks("list", "listACK");
    client.close();
    second.close();
  });
});

function protocolSpoken(options: object): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      port: server.tlsPort,
      host: "127.0.0.1",
      rejectUnauthorized: false,
      ...options,
    });
    socket.once("secureConnect", () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
