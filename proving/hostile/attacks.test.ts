// Every attack by unauthenticated clients, one after another: authenticated clients are not affected.
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ServerProcess } from "../../test/servers/server-process.ts";
import { join, openControl, openTls, startMatch, type WholeClient } from "../../test/wire/whole-client.ts";
import { Attacker } from "./attacker.ts";
import { attacks } from "./attacks.ts";

const MEGABYTE = 1e6;
/** The share of the full attack, which the scenario `hostile` runs. */
const SIZE = 0.05;
const LIMIT = 100;

let server: ServerProcess;
let honest: WholeClient;
let opponent: WholeClient;
let rssBefore: number;
beforeAll(async () => {
  server = await ServerProcess.start(["--connections-per-address", String(LIMIT)]);
  [honest, opponent] = [await join(server, "Honest-1"), await join(server, "Honest-2")];
  rssBefore = server.rssBytes;
});
afterAll(async () => {
  for (const client of [honest, opponent]) client.close();
  await server.dispose();
});

describe.each(Object.keys(attacks).map((name, index) => [name, `127.0.1.${index + 1}`] as const))(
  "%s",
  (name, address) => {
    test("disconnects no honest client, and logs one line at most", async () => {
      const attacker = new Attacker(server, address);
      let isOver = false;
      const attack = attacks[name]?.(attacker, SIZE).finally(() => {
        isOver = true;
      });
      while (!isOver) {
        await honest.control.asks("list", "listACK;Honest-1:free;Honest-2:free");
        await turn();
      }
      await attack;
      await expect.poll(() => attacker.openCount).toBeLessThanOrEqual(LIMIT);
      attacker.leave();
      await opponent.control.asks("list", "listACK;Honest-1:free;Honest-2:free");
      const lines = server.log.filter((line) => line.includes(`from ip ${address}`));
      // The log has a client's connect and disconnect, each password attempt, and that the limit was reached.
      const allowed = name === "passwords guessed" ? 2 + 10 + 1 : 1;
      expect(lines.length, lines.join("\n")).toBeLessThanOrEqual(allowed);
    });
  },
);

test("After all attacks a new client can connect, and two can play", async () => {
  const { control, connectionId } = await openControl(server);
  const { tls } = await openTls(server, connectionId);
  await tls.asks("login;Honest-1;wrong horse", "loginERR;BAD_CREDENTIALS;…");
  for (const connection of [control, tls]) connection.close();
  await startMatch(honest, opponent);
});

test("The server's memory stayed bounded, and nothing was thrown", async () => {
  expect((server.rssBytes - rssBefore) / MEGABYTE).toBeLessThan(100);
  expect(await server.interrupt()).toBe(0);
  expect(server.stderr).toBe("");
});
