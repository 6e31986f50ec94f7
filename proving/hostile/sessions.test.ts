// Attempts to abuse accounts, connection ids, tokens and invitations.
import { afterAll, beforeAll, expect, test } from "vitest";
import { ServerProcess } from "../../test/servers/server-process.ts";
import { RawConnection } from "../../test/wire/raw-connection.ts";
import {
  comeBack,
  connect,
  join,
  openControl,
  openHeartbeat,
  openTls,
  PASSWORD,
  startMatch,
  type WholeClient,
} from "../../test/wire/whole-client.ts";

let server: ServerProcess;
let alan: WholeClient;
let beto: WholeClient;
beforeAll(async () => {
  server = await ServerProcess.start(["--heartbeat", "3600"]);
  [alan, beto] = [await join(server, "Alan"), await join(server, "Beto")];
});
afterAll(async () => {
  for (const client of [alan, beto]) client.close();
  expect(server.stderr).toBe("");
  await server.dispose();
});

test("of a thousand invitations to one player sixty arrive, and others still reach that player", async () => {
  const carla = await join(server, "Carla");
  for (let count = 0; count < 1_000; count++) carla.control.says("begin;Beto", "cancel;Beto");
  const answers: string[] = [];
  while (answers.length < 2_000) answers.push(await carla.control.nextLine());
  expect(answers.filter((line) => line === "cancelACK;Beto")).toHaveLength(60);
  expect(answers.filter((line) => line.startsWith("beginERR;TRY_LATER;"))).toHaveLength(940);
  for (let count = 0; count < 60; count++) {
    await beto.control.sees("invite;Carla");
    await beto.control.sees("cancel;Carla;CANCELLED");
  }
  await startMatch(alan, beto);
  carla.close();
});

test("a connection id can be bound once, and not after its connection has ended", async () => {
  const { control, connectionId } = await openControl(server);
  const heartbeat = await openHeartbeat(server, connectionId);
  const { tls } = await openTls(server, connectionId);
  const thief = await RawConnection.open(server.port);
  await thief.sees("secport;…");
  await thief.asks(`heartbeat;${connectionId}`, "heartbeatERR;ALREADY_BOUND;…");
  const thiefTls = await RawConnection.openTls(server.tlsPort);
  await thiefTls.asks(`bind;${connectionId}`, "bindERR;ALREADY_BOUND;…");
  await control.asks("exit", "exitACK");
  for (const connection of [control, heartbeat, tls]) await connection.seesClose();
  await thief.asks(`heartbeat;${connectionId}`, "heartbeatERR;UNKNOWN_CONNECTION;…");
  await thiefTls.asks(`bind;${connectionId}`, "bindERR;UNKNOWN_CONNECTION;…");
  for (const connection of [thief, thiefTls]) connection.close();
});

test("after a malformed line another connection of that kind can be bound at once", async () => {
  const { control, connectionId } = await openControl(server);
  const { tls } = await openTls(server, connectionId);
  const heartbeat = await openHeartbeat(server, connectionId);
  await tls.asks("\0", "ERR;BAD_LINE;…");
  await heartbeat.asks("\0", "ERR;BAD_LINE;…");
  const again = [await openTls(server, connectionId), await openHeartbeat(server, connectionId)];
  expect(again).toHaveLength(2);
  control.close();
});

test("an authenticated connection never becomes a heartbeat connection, even with nothing bound to it", async () => {
  const { control, connectionId } = await openControl(server);
  const { tls } = await openTls(server, connectionId);
  await tls.asks(`adduser;Ghost;${PASSWORD}`, "adduserACK;Ghost");
  await tls.asks(`login;Ghost;${PASSWORD}`, "loginACK;Ghost;<token>");
  tls.close();
  const other = await openControl(server);
  // Until the server has seen the TLS connection end, another one is refused.
  await expect
    .poll(async () => {
      const bound = await openTls(server, connectionId).catch(() => null);
      bound?.tls.close();
      return bound !== null;
    })
    .toBe(true);
  await control.asks(`heartbeat;${other.connectionId}`, "heartbeatERR;WRONG_CONNECTION;…");
  for (const connection of [control, other.control]) connection.close();
});

test("a stolen token is worth nothing after logout, nor the old password after passwd", async () => {
  const davi = await join(server, "Davi");
  await davi.control.asks("logout", "logoutACK");
  const thief = await connect(server);
  await thief.tls.asks(`resume;${davi.token}`, "resumeERR;BAD_TOKEN;…");
  const back = await davi.tls.asks(`login;Davi;${PASSWORD}`, "loginACK;Davi;<token>");
  await davi.tls.asks(`passwd;${PASSWORD};another horse`, "passwdACK");
  await thief.tls.asks(`login;Davi;${PASSWORD}`, "loginERR;BAD_CREDENTIALS;…");
  await davi.tls.asks(`resume;${back.token}`, "resumeERR;ALREADY_LOGGED_IN;…");
  for (const client of [davi, thief]) client.close();
});

test("of two logins of one user the older cannot change the password", async () => {
  const older = await join(server, "Eva");
  const newer = await comeBack(server, "Eva");
  await older.control.sees("disconnect;REPLACED");
  await older.tls.seesClose();
  const left = await openTls(server, newer.connectionId).catch((error: Error) => error.message);
  expect(left).toMatch(/ALREADY_BOUND/);
  await newer.tls.asks(`passwd;${PASSWORD};another horse`, "passwdACK");
  const thief = await connect(server);
  await thief.tls.asks(`resume;${older.token}`, "resumeERR;BAD_TOKEN;…");
  for (const client of [older, newer, thief]) client.close();
});

test("password guesses from one address do not lock out the owner at another address", async () => {
  const guesser = await connect(server);
  for (let guess = 0; guess < 10; guess++) guesser.tls.says(`login;Alan;guess ${guess}`);
  for (let guess = 0; guess < 10; guess++) await guesser.tls.sees("loginERR;BAD_CREDENTIALS;…");
  await guesser.tls.asks(`login;Alan;${PASSWORD}`, "loginERR;TRY_LATER;<seconds>;…");
  const tls = await RawConnection.openTls(server.tlsPort, "127.0.0.77");
  const owner = await openControl(server);
  await tls.asks(`bind;${owner.connectionId}`, "bindACK;<key>");
  await tls.asks(`login;Alan;${PASSWORD}`, "loginACK;Alan;<token>");
  for (const connection of [tls, owner.control]) connection.close();
  guesser.close();
});
