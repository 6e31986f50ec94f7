// The ports of an invited player, the compiled client: others connect, flood, lie and stall, and the opponent plays on.
import { afterAll, beforeAll, expect, test } from "vitest";
import { TypedClient } from "../../src/client/terminal/typed-client.fixture.ts";
import { ed25519Signer, newPrivateKey, type Signer } from "../../src/game/signature.ts";
import { ServerProcess } from "../../test/servers/server-process.ts";
import { matchIdOf, signedActions } from "../../test/wire/match-report.ts";
import { RawConnection } from "../../test/wire/raw-connection.ts";
import { join, type WholeClient } from "../../test/wire/whole-client.ts";

const NONCE = "A".repeat(22);
/** More than the 16 connections that a client lets try to join. */
const INTRUDERS = 40;

let server: ServerProcess;
let alan: WholeClient;
let beto: TypedClient;
let ticket: string;
let gamePort: number;
const open: RawConnection[] = [];
beforeAll(async () => {
  server = await ServerProcess.start();
  alan = await join(server, "alan");
  beto = TypedClient.behindPipes(["127.0.0.1", String(server.port)]);
  beto.types("adduser beto secret-of-beto\nlogin beto secret-of-beto\n");
  await beto.sees("Logged in as beto");
  alan.control.says("begin;beto");
  await alan.control.sees("beginACK;beto");
  await beto.sees("alan invites you");
  beto.enters("y");
  const answer = await alan.control.sees("answer;beto;True;127.0.0.1;<game>;<ping>;<ticket>");
  [ticket, gamePort] = [answer.ticket as string, Number(answer.game)];
  await beto.sees("Match with alan: you are O");
});
afterAll(async () => {
  for (const connection of open) connection.close();
  beto.kill();
  alan.close();
  await server.dispose();
});

async function knock(): Promise<RawConnection> {
  const connection = await RawConnection.open(gamePort);
  open.push(connection);
  return connection;
}

/** Joins the game, as far as the key permits. */
async function joinGame(signer: Signer): Promise<RawConnection> {
  const connection = await knock();
  const id = matchIdOf(ticket);
  const { theirs } = await connection.asks(`join;game;${id};alan;${NONCE}`, `join;game;${id};beto;<theirs>`);
  await connection.sees("proof;<signature>");
  return connection.says(`proof;${signer.sign(Buffer.from(`game;${id};alan;${theirs}`))}`);
}

test("intruders that connect, flood, lie or stall before their proof do not keep the opponent out", async () => {
  const intruders = [];
  for (let count = 0; count < INTRUDERS; count++) intruders.push(await knock());
  for (const intruder of intruders.slice(0, 5)) intruder.says("play;1;1;1;AAAA".repeat(200));
  for (const intruder of intruders.slice(5, 10)) intruder.says(...Array(1_000).fill("have;0"));
  const liar = await joinGame(ed25519Signer(newPrivateKey()));
  await liar.seesClose();
  const staller = await knock();
  staller.says(`join;game;${matchIdOf(ticket)};alan;${NONCE}`);

  const opponent = await joinGame(alan.signer);
  await opponent.sees("have;0");
  const [action = ""] = signedActions(ticket, { X: alan.signer, O: alan.signer }, "22");
  const [row, column, signature] = action.split(",");
  opponent.says(`play;${row};${column};1;${signature}`);
  await beto.sees("alan played 2 2");
});

test("an opponent who floods false moves gets answers, and the player's own commands still work", async () => {
  const opponent = await joinGame(alan.signer);
  await opponent.sees("have;1");
  const lie = `play;1;1;2;${"A".repeat(86)}`;
  opponent.says(...Array(5_000).fill(lie));
  beto.enters("leaders");
  await beto.sees("LEADERBOARD");
  for (let count = 0; count < 5_000; count++) await opponent.sees("ERR;NOT_YOUR_TURN;…");
  beto.enters("send 1 1");
  await beto.sees("You played 1 1");
  await opponent.sees("play;1;1;2;<signature>");
  expect(beto.raw).not.toMatch(/Error|undefined/);
});
