import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RawConnection } from "../../../test/wire/raw-connection.ts";
import { ed25519Signer, ed25519Verify, newPrivateKey } from "../../game/signature.ts";
import { signTicket } from "../../game/ticket.ts";
import { dial, dialTls } from "../../net/dial.ts";
import { listenForPeer } from "../../net/peer-listener.ts";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { systemRandom } from "../real-world.ts";
import { openMatch } from "../session/match-play.ts";
import type { World } from "../world.ts";
import { PeerLink } from "./peer-link.ts";

const MATCH_ID = "AAAAAAAAAAAAAAAA";
const NONCE = "A".repeat(22);
const server = ed25519Signer(newPrivateKey());
const keys = { alan: ed25519Signer(newPrivateKey()), beto: ed25519Signer(newPrivateKey()) };
const ticket = signTicket(
  {
    matchId: MATCH_ID,
    inviter: "alan",
    inviterKey: keys.alan.publicKey,
    invitee: "beto",
    inviteeKey: keys.beto.publicKey,
    issuedAtSeconds: 1,
  },
  server,
);

function matchOf(user: "alan" | "beto") {
  const match = openMatch(ticket, server.publicKey, user, keys[user], ed25519Verify);
  if (!match) throw new Error("the ticket is not valid");
  return match;
}

/** A link whose every event is a line, to be awaited. */
class WatchedLink {
  readonly events: string[] = [];
  readonly link: PeerLink;
  #wake = () => {};

  constructor(clock: ManualClock) {
    const world: World = {
      clock,
      random: systemRandom,
      network: { dial, dialTls, listenForPeer },
      trust: { judge: () => ({ kind: "known" }) },
      newPrivateKey,
      signer: ed25519Signer,
      verify: ed25519Verify,
    };
    this.link = new PeerLink(world, 180_000, {
      onJoined: () => this.#tell("joined"),
      onLost: () => this.#tell("lost"),
      onGone: () => this.#tell("gone"),
      onMessage: ({ name, ...blocks }) => this.#tell([name, ...Object.values(blocks)].join(";")),
      onDelay: () => this.#tell("delay"),
    });
  }

  async hears(event: string): Promise<void> {
    while (!this.events.includes(event)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.events.splice(0, this.events.indexOf(event) + 1);
  }

  #tell(event: string): void {
    this.events.push(event);
    this.#wake();
  }
}

let clock: ManualClock;
let beto: WatchedLink;
let ports: { gamePort: number; pingPort: number };
let raw: RawConnection[];

beforeEach(async () => {
  clock = new ManualClock();
  beto = new WatchedLink(clock);
  raw = [];
  ports = await beto.link.listen(0, 0);
});

afterEach(() => {
  beto.link.close();
  for (const connection of raw) connection.close();
});

async function open(port: number): Promise<RawConnection> {
  const connection = await RawConnection.open(port);
  raw.push(connection);
  return connection;
}

/** Joins by hand as Alan. */
async function join(flow: "game" | "ping", signer = keys.alan): Promise<RawConnection> {
  const connection = await open(flow === "game" ? ports.gamePort : ports.pingPort);
  const { theirNonce } = await connection
    .says(`join;${flow};${MATCH_ID};alan;${NONCE}`)
    .sees(`join;${flow};${MATCH_ID};beto;<theirNonce>`);
  const { proof } = await connection.sees("proof;<proof>");
  const proved = Buffer.from(`${flow};${MATCH_ID};beto;${NONCE}`);
  expect(ed25519Verify(keys.beto.publicKey, proved, proof ?? "")).toBe(true);
  return connection.says(`proof;${signer.sign(Buffer.from(`${flow};${MATCH_ID};alan;${theirNonce}`))}`);
}

const joinGame = (signer = keys.alan) => join("game", signer);

describe("two links of one match", () => {
  it("join on both connections, measure the delay, and deliver messages", async () => {
    const alan = new WatchedLink(clock);
    beto.link.meet(matchOf("beto"), null);
    alan.link.meet(matchOf("alan"), { host: "127.0.0.1", ...ports });
    await Promise.all([alan, beto].map((side) => side.hears("joined")));
    await Promise.all([alan, beto].map((side) => side.hears("delay")));
    alan.link.send({ name: "have", n: 0 });
    await beto.hears("have;0");
    clock.advance(3_000);
    await Promise.all([alan, beto].map((side) => side.hears("delay")));
    alan.link.close();
    await beto.hears("lost");
  });

  it("meet again when the connection is lost", async () => {
    const alan = new WatchedLink(clock);
    beto.link.meet(matchOf("beto"), null);
    alan.link.meet(matchOf("alan"), { host: "127.0.0.1", ...ports });
    await beto.hears("joined");
    // A newer connection replaces the one that stands, which the dialer sees as a loss.
    const usurper = await joinGame();
    await alan.hears("lost");
    clock.advance(500);
    await alan.hears("joined");
    await usurper.seesClose();
    alan.link.close();
  });

  it("reconnect for the delay alone without a notice, and measure again", async () => {
    const alan = new WatchedLink(clock);
    beto.link.meet(matchOf("beto"), null);
    alan.link.meet(matchOf("alan"), { host: "127.0.0.1", ...ports });
    await Promise.all([alan, beto].map((side) => side.hears("joined")));
    await alan.hears("delay");
    const usurper = await join("ping");
    await usurper.sees("ping;<n>");
    alan.events.length = 0;
    while (!alan.events.includes("delay")) {
      clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([...alan.events, ...beto.events].filter((event) => event !== "delay")).toEqual([]);
    alan.link.close();
  });

  it("listen again on the same ports, once the process that holds them releases them", async () => {
    const again = new WatchedLink(clock);
    const trouble = await new Promise<string>((resolve) => {
      again.link.listenAgain(ports.gamePort, ports.pingPort, resolve);
    });
    expect(trouble).toMatch(/EADDRINUSE/);
    beto.link.close();
    again.link.meet(matchOf("beto"), null);
    const alan = new WatchedLink(clock);
    alan.link.meet(matchOf("alan"), { host: "127.0.0.1", ...ports });
    while (!again.events.includes("joined")) {
      clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { link } of [alan, again]) link.close();
  });

  it("give up after 180 s", () => {
    beto.link.meet(matchOf("beto"), null);
    clock.advance(179_999);
    expect(beto.events).toEqual(["lost"]);
    clock.advance(1);
    expect(beto.events).toEqual(["lost", "gone"]);
  });

  it("leave no timer behind when they are closed", async () => {
    beto.link.meet(matchOf("beto"), null);
    await joinGame();
    await beto.hears("joined");
    beto.link.close();
    expect(clock.timerCount).toBe(0);
  });
});

describe("joining", () => {
  it("waits until the ticket has arrived", async () => {
    const early = await open(ports.gamePort);
    early.says(`join;game;${MATCH_ID};alan;${NONCE}`);
    beto.link.meet(matchOf("beto"), null);
    await early.sees(`join;game;${MATCH_ID};beto;<nonce>`);
    await early.sees("proof;<signature>");
  });

  it("succeeds on a newer connection, which replaces the older", async () => {
    beto.link.meet(matchOf("beto"), null);
    const first = await joinGame();
    await beto.hears("joined");
    const second = await joinGame();
    await beto.hears("joined");
    await first.seesClose();
    second.says("have;3");
    await beto.hears("have;3");
    expect(beto.events).not.toContain("lost");
  });

  it.each([
    ["something else", "have;0"],
    ["another match", `join;game;BBBBBBBBBBBBBBBB;alan;${NONCE}`],
    ["another user", `join;game;${MATCH_ID};caio;${NONCE}`],
    ["the other flow", `join;ping;${MATCH_ID};alan;${NONCE}`],
    ["a proof before a join", `proof;${"A".repeat(86)}`],
  ])("with %s is disconnected, and does not disturb the match", async (_title, line) => {
    beto.link.meet(matchOf("beto"), null);
    const honest = await joinGame();
    await beto.hears("joined");
    const stranger = await open(ports.gamePort);
    await stranger.sees(`join;game;${MATCH_ID};beto;<nonce>`);
    stranger.says(line);
    await stranger.seesClose();
    honest.says("have;1");
    await beto.hears("have;1");
  });

  it("with the proof of another key is disconnected", async () => {
    beto.link.meet(matchOf("beto"), null);
    const liar = await joinGame(ed25519Signer(newPrivateKey()));
    await liar.seesClose();
    expect(beto.events).toEqual([]);
  });

  it("may take at most 5 s", async () => {
    beto.link.meet(matchOf("beto"), null);
    const silent = await open(ports.gamePort);
    await silent.sees("join;…");
    clock.advance(5_000);
    await silent.seesClose();
  });
});

describe("on the connections of a match", () => {
  it("a ping is answered at once", async () => {
    beto.link.meet(matchOf("beto"), null);
    const ping = await open(ports.pingPort);
    const { nonce } = await ping
      .says(`join;ping;${MATCH_ID};alan;${NONCE}`)
      .sees(`join;ping;${MATCH_ID};beto;<nonce>`);
    await ping.sees("proof;…");
    ping.says(`proof;${keys.alan.sign(Buffer.from(`ping;${MATCH_ID};alan;${nonce}`))}`);
    await ping.sees("ping;1");
    ping.says("pong;1");
    await beto.hears("delay");
    await ping.asks("ping;41", "pong;41");
  });

  it.each([
    ["hello", "ERR;UNKNOWN_COMMAND;…"],
    ["ping;1", "pingERR;WRONG_CONNECTION;…"],
    ["play;4;1;1;x", "ERR;BAD_ARGUMENTS;…"],
    ["join;game;x", "ERR;BAD_ARGUMENTS;…"],
  ])("%j is answered with an error, and the connection stays", async (line, answer) => {
    beto.link.meet(matchOf("beto"), null);
    const game = await joinGame();
    await beto.hears("joined");
    await game.asks(line, answer);
    game.says("have;2");
    await beto.hears("have;2");
  });

  it("bytes that are not a line are answered with BAD_LINE, and the connection is closed", async () => {
    beto.link.meet(matchOf("beto"), null);
    const game = await joinGame();
    await beto.hears("joined");
    game.says("pl\u0001ay");
    await game.sees("ERR;BAD_LINE;…");
    await game.seesClose();
    await beto.hears("lost");
  });
});
