// A server process that is stopped (SIGSTOP) and continued (SIGCONT): for clients this is a lost network, and costs nobody a match.
import { afterEach, beforeEach, expect, it } from "vitest";
import { Client } from "../src/client/client.ts";
import { realWorld } from "../src/client/real-world.ts";
import type { Notice } from "../src/client/session/notice.ts";
import { trustInMemory } from "../src/client/trust.ts";
import { ServerProcess } from "./servers/server-process.ts";
import { join } from "./wire/whole-client.ts";

/** Clients notice a lost server after two and a half intervals. */
const HEARTBEAT_SECONDS = 0.5;
const PASSWORD = "correct horse";

let server: ServerProcess;
let players: Player[];

beforeEach(async () => {
  server = await ServerProcess.start(["--heartbeat", String(HEARTBEAT_SECONDS)]);
  players = [];
});
afterEach(async () => {
  process.kill(server.pid, "SIGCONT");
  for (const { client } of players) await client.leave();
  await server.dispose();
});

/** A whole client whose notices can be awaited. */
class Player {
  readonly name: string;
  readonly client: Client;
  readonly #heard: Notice[] = [];
  #wake = () => {};

  constructor(name: string) {
    this.name = name;
    this.client = new Client(
      realWorld(trustInMemory(Date.now)),
      { server: { host: "127.0.0.1", port: server.port }, gamePort: 0, pingPort: 0 },
      {
        onNotice: (notice) => {
          this.#heard.push(notice);
          this.#wake();
        },
        onChange() {},
        onUnreachable() {},
      },
    );
    players.push(this);
  }

  async hears(kind: Notice["kind"]): Promise<Notice> {
    for (;;) {
      const index = this.#heard.findIndex((notice) => notice.kind === kind);
      if (index >= 0) return this.#heard.splice(index, 1)[0] as Notice;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async enter(): Promise<this> {
    this.client.start();
    await this.hears("connected");
    this.client.run({ name: "adduser", user: this.name, password: PASSWORD });
    await this.hears("user-created");
    this.client.run({ name: "login", user: this.name, password: PASSWORD });
    await this.hears("logged-in");
    return this;
  }

  async plays(row: number, column: number): Promise<void> {
    await this.hears("your-move");
    this.client.run({ name: "send", row, column });
  }
}

it("a match ends while the server is stopped, its result arrives later, and the list has no ghosts", async () => {
  const alan = await new Player("Alan").enter();
  const beto = await new Player("Beto").enter();
  const patient = await join(server, "Patient");
  alan.client.run({ name: "begin", user: "Beto" });
  await beto.hears("invited");
  beto.client.run({ name: "answer", isYes: true });
  await alan.plays(1, 1);
  await beto.plays(2, 1);

  process.kill(server.pid, "SIGSTOP");
  await Promise.all([alan.hears("server-lost"), beto.hears("server-lost")]);
  await alan.plays(1, 2);
  await beto.plays(2, 2);
  await alan.plays(1, 3);
  await beto.hears("result-waits");
  process.kill(server.pid, "SIGCONT");

  expect(await alan.hears("result")).toMatchObject({ outcome: "WIN", points: 2 });
  expect(await beto.hears("result")).toMatchObject({ outcome: "LOST", points: 0 });
  // A client that never gave up the connection is still listed.
  await patient.control.asks("leaders", "leadersACK;Alan:2;Beto:0;Patient:0");
  await patient.control.asks("list", "listACK;Alan:free;Beto:free;Patient:free");
  patient.close();
});
