import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importUsers } from "../../src/server/accounts/import-users.ts";
import { startServer } from "../../src/server/server.ts";
import { tempDirectory } from "../../src/server/temp-directory.fixture.ts";
import { BarePlayer } from "./bare-player.ts";
import { accept, begin, reportLoss, reportWin } from "./match-of-two.ts";

test("Two bare players log in, see each other, and report a match that the server counts", async () => {
  const directory = tempDirectory();
  const users = join(directory, "users.txt");
  await writeFile(users, "alan\talan-secret\nbeto\tbeto-secret\n");
  const dataDirectory = join(directory, "data");
  await importUsers(users, { dataDirectory });
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    dataDirectory,
    certsDirectory: join(directory, "certs"),
    heartbeatMs: 10_000,
    minPasswordLength: 8,
  });
  const x = await BarePlayer.login("alan", "alan-secret", server);
  const o = await BarePlayer.login("beto", "beto-secret", server);
  expect(await x.control.asks("list", "listACK")).toEqual(["alan:free", "beto:free"]);
  await begin({ x, o });
  await accept({ x, o });
  expect(await o.control.asks("list", "listACK")).toEqual(["alan:playing", "beto:playing"]);
  await reportWin({ x, o });
  await reportLoss({ x, o });
  expect(await x.control.asks("leaders", "leadersACK")).toEqual(["alan:2", "beto:0"]);
  x.leave();
  o.leave();
  await server.stop();
});
