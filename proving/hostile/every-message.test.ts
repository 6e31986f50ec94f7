// Every message of every direction, on every connection and in every state of a client (docs/PROTOCOL.md §1): a message
// that belongs there is answered by its name, any other is refused by its name, and nothing else happens.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isErrorCode } from "../../src/protocol/errors.ts";
import * as messages from "../../src/protocol/messages.ts";
import { ServerProcess } from "../../test/servers/server-process.ts";
import { RawConnection } from "../../test/wire/raw-connection.ts";
import {
  connect,
  join,
  openControl,
  openHeartbeat,
  openTls,
  startMatch,
  type WholeClient,
} from "../../test/wire/whole-client.ts";
import { requestOf, wellFormed } from "./grammar.ts";

let server: ServerProcess;
const clients: { close(): void }[] = [];
beforeAll(async () => {
  server = await ServerProcess.start(["--heartbeat", "3600"]);
});
afterAll(async () => {
  for (const client of clients) client.close();
  expect(await server.interrupt()).toBe(0);
  expect(server.stderr).toBe("");
  await server.dispose();
});

async function newUser(user: string): Promise<WholeClient> {
  const client = await join(server, user);
  clients.push(client);
  return client;
}

async function unauthenticated() {
  const client = await connect(server);
  clients.push(client);
  return client;
}

interface State {
  table: messages.MessageTable;
  connection: RawConnection;
  /** The error code of every request, where all are refused alike. */
  code?: string;
}

const states: [string, () => Promise<State>][] = [
  [
    "a control connection without a heartbeat",
    async () => ({ table: messages.controlFromClient, connection: (await openControl(server)).control }),
  ],
  [
    "an unauthenticated control connection",
    async () => ({ table: messages.controlFromClient, connection: (await unauthenticated()).control }),
  ],
  [
    "an authenticated control connection",
    async () => ({ table: messages.controlFromClient, connection: (await newUser("Alan")).control }),
  ],
  [
    "the control connection of an inviter",
    async () => {
      const [inviter, invitee] = [await newUser("Beto"), await newUser("Carla")];
      inviter.control.says("begin;Carla");
      await invitee.control.asks("inviteACK;Beto", "invite;Beto");
      await inviter.control.sees("beginACK;Carla");
      return { table: messages.controlFromClient, connection: inviter.control };
    },
  ],
  [
    "the control connection of an invitee",
    async () => {
      const [inviter, invitee] = [await newUser("Davi"), await newUser("Eva")];
      inviter.control.says("begin;Eva");
      await invitee.control.sees("invite;Davi");
      return { table: messages.controlFromClient, connection: invitee.control };
    },
  ],
  [
    "the control connection of a player in a match",
    async () => {
      const [inviter, invitee] = [await newUser("Fabio"), await newUser("Gil")];
      await startMatch(inviter, invitee);
      return { table: messages.controlFromClient, connection: inviter.control };
    },
  ],
  [
    "a heartbeat connection",
    async () => {
      const connection = await openHeartbeat(server, (await openControl(server)).connectionId);
      return { table: messages.heartbeatFromClient, connection };
    },
  ],
  [
    "an unbound TLS connection",
    async () => ({
      table: messages.tlsFromClient,
      connection: await RawConnection.openTls(server.tlsPort),
      code: "NOT_BOUND",
    }),
  ],
  [
    "a bound TLS connection",
    async () => ({
      table: messages.tlsFromClient,
      connection: (await openTls(server, (await openControl(server)).connectionId)).tls,
    }),
  ],
];

/** These messages end the state under test. */
const ending = new Set(["exit", "logout"]);
const everyMessage = wellFormed(20_261_122, 1).filter(({ name }) => !ending.has(name));

describe.each(states)("%s", (_, reach) => {
  test("answers every message by its name and stays open", async () => {
    const { table, connection, code } = await reach();
    const isHeartbeat = table === messages.heartbeatFromClient;
    connection.says(...everyMessage.map(({ line }) => line));
    const wrong: string[] = [];
    for (const { line } of everyMessage) {
      const request = requestOf(line, isHeartbeat);
      if (request === null) continue;
      const [head = "", given = ""] = (await connection.nextLine(`an answer to ${line}`)).split(";");
      const isRefused = head === `${request}ERR` && isErrorCode(given);
      const must =
        code && request !== "bind" ? code : Object.hasOwn(table, request) ? given : "WRONG_CONNECTION";
      if (!(isRefused && given === must) && head !== `${request}ACK`)
        wrong.push(`${line} → ${head};${given}`);
    }
    expect(wrong).toEqual([]);
    connection.says("the end");
    expect(await connection.nextLine()).toMatch(/^ERR;UNKNOWN_COMMAND;/);
  });
});
