// docs/PROTOCOL.md §4
import { afterAll, beforeAll, expect, test } from "vitest";
import { ServerProcess } from "../servers/server-process.ts";
import { connect, join, PASSWORD, startMatch, type WholeClient } from "../wire/whole-client.ts";

let server: ServerProcess;
let stranger: Awaited<ReturnType<typeof connect>>;
const players: WholeClient[] = [];
beforeAll(async () => {
  server = await ServerProcess.start();
  stranger = await connect(server);
  for (const name of ["davi", "Alan", "Carla", "beto"]) players.push(await join(server, name));
});
afterAll(async () => {
  for (const client of [stranger, ...players]) client.close();
  await server.dispose();
});

test("list is sorted by name, ignoring case, and needs no login", async () => {
  for (const { control } of [stranger, ...players])
    await control.asks("list", "listACK;Alan:free;beto:free;Carla:free;davi:free");
});

test("list continues at an offset", async () => {
  await stranger.control.asks("list;2", "listACK;Carla:free;davi:free");
  await stranger.control.asks("list;0", "listACK;Alan:free;beto:free;Carla:free;davi:free");
  await stranger.control.asks("list;4", "listACK");
  await stranger.control.asks("list;999999", "listACK");
});

test("leaders has every registered user, ties sorted by name", async () => {
  await stranger.tls.asks(`adduser;Absent;${PASSWORD}`, "adduserACK;Absent");
  await stranger.control.asks("leaders", "leadersACK;Absent:0;Alan:0;beto:0;Carla:0;davi:0");
  await stranger.control.asks("leaders;3", "leadersACK;Carla:0;davi:0");
  await stranger.control.asks("leaders;5", "leadersACK");
});

test("both players of a match are playing; a disconnected player is not listed", async () => {
  const [davi, alan] = players as [WholeClient, WholeClient];
  await startMatch(davi, alan);
  await stranger.control.asks("list", "listACK;Alan:playing;beto:free;Carla:free;davi:playing");
  davi.close();
  const { control } = stranger;
  let line: string;
  do {
    control.says("list");
    line = await control.nextLine();
  } while (line.includes("davi"));
  expect(line).toBe("listACK;Alan:playing;beto:free;Carla:free");
});
