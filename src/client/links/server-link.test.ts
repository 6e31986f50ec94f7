import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ed25519Signer, ed25519Verify, newPrivateKey } from "../../game/signature.ts";
import { dial, dialTls } from "../../net/dial.ts";
import { listenForPeer } from "../../net/peer-listener.ts";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import type { World } from "../world.ts";
import { ServerLink } from "./server-link.ts";

const CONTROL_ID = "AAAAAAAAAAAAAAAAAAAAAA";

/** A server that greets, and otherwise says and hears what the test wants. */
class StandIn {
  port = 0;
  control: Socket | null = null;
  heartbeat: Socket | null = null;
  /** Lines in the order of their arrival. */
  readonly heard: string[] = [];
  #server: Server | null = null;
  #wake = () => {};

  async listen(port = 0): Promise<void> {
    this.#server = createServer((socket) => this.#welcome(socket)).listen(port, "127.0.0.1");
    await new Promise((resolve) => this.#server?.once("listening", resolve));
    this.port = (this.#server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    this.control?.destroy();
    this.heartbeat?.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  async hears(line: string): Promise<void> {
    while (!this.heard.includes(line)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.heard.splice(0, this.heard.indexOf(line) + 1);
  }

  #welcome(socket: Socket): void {
    socket.on("error", () => {});
    socket.write(`secport;3001;${CONTROL_ID}\n`);
    createInterface({ input: socket }).on("line", (line) => {
      if (line === `heartbeat;${CONTROL_ID}`) {
        this.heartbeat = socket;
        socket.write("heartbeatACK;10000\n");
      }
      this.heard.push(line);
      this.#wake();
    });
    if (!this.control || this.control.destroyed) this.control = socket;
  }
}

let clock: ManualClock;
let server: StandIn;
let link: ServerLink;
let events: string[];
let wake: () => void;

beforeEach(async () => {
  clock = new ManualClock();
  server = new StandIn();
  await server.listen();
  events = [];
  wake = () => {};
  link = newLink();
});

afterEach(async () => {
  const left = link.leave();
  await server.close();
  clock.advance(1_000);
  await left;
});

function newLink(): ServerLink {
  const tell = (event: string) => {
    events.push(event);
    wake();
  };
  const world: World = {
    clock,
    random: { bytes: (count) => new Uint8Array(count), fraction: () => 0.999 },
    network: { dial, dialTls, listenForPeer },
    trust: { judge: () => ({ kind: "known" }) },
    newPrivateKey,
    signer: ed25519Signer,
    verify: ed25519Verify,
  };
  return new ServerLink(world, [{ host: "127.0.0.1", port: server.port }], 180_000, {
    onConnected: () => tell("connected"),
    onUnreachable: (reason) => tell(`unreachable: ${reason}`),
    onLost: (isReplaced) => tell(isReplaced ? "replaced" : "lost"),
    onGivenUp: () => tell("given up"),
    onMessage: ({ name }) => tell(name),
    onSecureOutcome: () => tell("secure outcome"),
    say: ({ kind }) => tell(kind),
  });
}

async function tells(event: string): Promise<void> {
  while (!events.includes(event)) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  events.splice(0, events.indexOf(event) + 1);
}

async function connected(): Promise<void> {
  link.connect();
  await tells("connected");
}

describe("a link to a server", () => {
  it("is connected once the heartbeat is, and answers pings", async () => {
    await connected();
    server.heartbeat?.write("ping;1\nping;2\n");
    await server.hears("pong;1");
    await server.hears("pong;2");
  });

  it("passes on the server's messages, and ignores unknown ones", async () => {
    await connected();
    server.control?.write("news;of;tomorrow\r\n\ninvite;alan;more\n");
    await tells("invite");
    expect(events).toEqual([]);
  });

  it("is lost when no ping has come for two and a half intervals", async () => {
    await connected();
    clock.advance(24_999);
    expect(events).toEqual([]);
    clock.advance(1);
    await tells("lost");
  });

  it("is not lost as long as pings come", async () => {
    await connected();
    for (const n of [1, 2, 3]) {
      clock.advance(20_000);
      server.heartbeat?.write(`ping;${n}\n`);
      await server.hears(`pong;${n}`);
    }
    expect(events).toEqual([]);
  });

  it.each([
    ["the control connection closes", () => server.control?.destroy()],
    ["the heartbeat connection closes", () => server.heartbeat?.destroy()],
    ["the server shuts down", () => server.control?.write("disconnect;SHUTDOWN\n")],
    ["it says what is no line", () => server.control?.write("\u0001\n")],
  ])("is lost when %s, and connected again 0.5 s later", async (_title, breakIt) => {
    await connected();
    breakIt();
    await tells("lost");
    clock.advance(499);
    expect(events).toEqual([]);
    clock.advance(1);
    await tells("connected");
  });

  it("does not keep secure requests for a server that is away", async () => {
    await connected();
    server.control?.destroy();
    await tells("lost");
    link.ask({ name: "adduser", user: "alan", password: "secret" });
    expect(events).toEqual(["secure outcome"]);
  });

  it("is not retried after a login elsewhere, unless the user asks for it", async () => {
    await connected();
    server.control?.write("disconnect;REPLACED\n");
    await tells("replaced");
    clock.advance(600_000);
    expect(events).toEqual([]);
    await connected();
  });

  it("is given up when the server stays away for 180 s, and can be retried then", async () => {
    await connected();
    await server.close();
    await tells("lost");
    const lostAtMs = clock.nowMs();
    while (!events.includes("given up")) {
      clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const triedForMs = clock.nowMs() - lostAtMs;
    expect(triedForMs).toBeGreaterThanOrEqual(180_000);
    expect(triedForMs).toBeLessThan(200_000);
    const port = server.port;
    server = new StandIn();
    await server.listen(port);
    events = [];
    await connected();
  });

  it("is not connected to a server that sends nothing", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const accepted = new Promise<Socket>((resolve) => silent.once("connection", resolve));
    const { port } = silent.address() as { port: number };
    const { port: usual } = server;
    server.port = port;
    link = newLink();
    server.port = usual;
    link.connect();
    const socket = await accepted;
    clock.advance(5_000);
    await tells("unreachable: it does not speak this protocol, or does not answer");
    socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  it("says goodbye to the server", async () => {
    await connected();
    const left = link.leave();
    await server.hears("exit");
    server.control?.end("exitACK\n");
    await left;
    expect(events).toEqual(["exitACK"]);
  });
});
