import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Client } from "../client/client.ts";
import { realWorld } from "../client/real-world.ts";
import type { Notice } from "../client/session/notice.ts";
import { trustInMemory } from "../client/trust.ts";
import { freeSquares } from "../game/board.ts";
import { type RunningServer, startServer } from "../server/server.ts";
import { Opponent } from "./opponent.ts";

const folder = mkdtempSync(join(tmpdir(), "velha-bots-"));
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({
    host: "127.0.0.1",
    port: 0,
    dataDirectory: join(folder, "data"),
    certsDirectory: join(folder, "certs"),
    heartbeatMs: 10_000,
    minPasswordLength: 8,
  });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A client whose notices can be awaited. */
function newClient() {
  const heard: Notice[] = [];
  let wake = () => {};
  const address = { host: "127.0.0.1", port: server.port };
  const client = new Client(
    realWorld(trustInMemory(Date.now)),
    { server: address, gamePort: 0, pingPort: 0 },
    {
      onNotice(notice) {
        heard.push(notice);
        wake();
      },
      onChange() {},
      onUnreachable() {},
    },
  );
  const next = async (...kinds: Notice["kind"][]): Promise<Notice> => {
    for (;;) {
      const index = heard.findIndex(({ kind }) => kinds.includes(kind));
      if (index >= 0) return heard.splice(0, index + 1)[index] as Notice;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  client.start();
  return { client, next };
}

function newBot(name: string, isNameFixed: boolean) {
  const lines: string[] = [];
  let wake = () => {};
  const bot = new Opponent(
    realWorld(trustInMemory(Date.now)),
    {
      client: { server: { host: "127.0.0.1", port: server.port }, gamePort: 0, pingPort: 0 },
      name,
      password: "secret-of-bot",
      isNameFixed,
      thinkingMs: 0,
    },
    {
      say(line) {
        lines.push(line);
        wake();
      },
      onEnd(outcome) {
        lines.push(outcome.ok ? "" : outcome.text);
        wake();
      },
    },
  );
  const says = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const line = lines.find((each) => pattern.test(each));
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  bot.start();
  return { bot, says };
}

it("a bot registers, accepts an invitation, plays to the end, and plays again", async () => {
  const { bot, says } = newBot("bot", false);
  await says(/^bot waits for players/);
  const { client, next } = newClient();
  await next("connected");
  client.run({ name: "adduser", user: "nina", password: "secret-of-nina" });
  await next("user-created");
  client.run({ name: "login", user: "nina", password: "secret-of-nina" });
  await next("logged-in");
  client.run({ name: "begin", user: "bot" });
  while ((await next("your-move", "result")).kind === "your-move") {
    const [square] = freeSquares(client.session.match?.transcript.state.board ?? []);
    if (square) client.run({ name: "send", ...square });
  }
  await says(/^Match with nina: (WIN, 2 points|DRAW, 1 point)$/);
  await next("rematch");
  client.run({ name: "answer", isYes: true });
  expect(await next("match-started")).toMatchObject({ opponent: "bot", symbol: "X" });
  await Promise.all([client.leave(), bot.leave()]);
});

it("a bot takes another name when its own is taken", async () => {
  const { client, next } = newClient();
  await next("connected");
  client.run({ name: "adduser", user: "taken", password: "secret-of-another" });
  await next("user-created");
  const { bot, says } = newBot("taken", false);
  expect(await says(/waits for players/)).toMatch(/^taken-\d+ waits for players: begin taken-\d+$/);
  const { bot: fixed, says: fixedSays } = newBot("taken", true);
  await fixedSays(/^taken cannot log in: /);
  await Promise.all([client.leave(), bot.leave(), fixed.leave()]);
});
