import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LineConnection } from "../../net/line-connection.ts";
import { type LoopbackPair, loopbackPair } from "../../net/loopback-pair.fixture.ts";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { PasswordHasher } from "../accounts/password-hasher.ts";
import { ControlConnection } from "../connections/control-connection.ts";
import type { Player } from "../directory/player.ts";
import { EventLog } from "../event-log.ts";
import { openServices, type Services } from "../services.ts";
import { openStore } from "../store/sqlite-store.ts";
import { type Store, StoreError } from "../store/store.ts";
import { tempDirectory } from "../temp-directory.fixture.ts";

const LIMIT_MS = 180_000;

let clock: ManualClock;
let store: Store;
let services: Services;
let pairs: LoopbackPair[];
let commit: () => void;

beforeEach(async () => {
  pairs = [];
  clock = new ManualClock();
  store = await openStore(tempDirectory());
  for (const user of ["Alan", "Beto"]) await store.addAccount({ user, passwordHash: "", points: 0 });
  const { addMatch } = store;
  const committed = new Promise<void>((resolve) => {
    commit = resolve;
  });
  store.addMatch = (match) => committed.then(() => addMatch.call(store, match));
  services = await openServices({
    heartbeatMs: 10_000,
    minPasswordLength: 8,
    clock,
    random: randomBytes,
    store,
    log: new EventLog({ append: () => {}, close: () => {} }, clock),
    hasher: new PasswordHasher(),
  });
});

afterEach(async () => {
  for (const pair of pairs) pair.close();
  await services.close();
  await store.close();
});

interface Guest {
  player: Player;
  control: ControlConnection;
  pair: LoopbackPair;
}

/** The user logs in on a new connection that has its heartbeat. */
async function comes(user: string): Promise<Guest> {
  const pair = await loopbackPair();
  pairs.push(pair);
  const handlers = { onLine() {}, onMalformed() {}, onClose() {} };
  const line = new LineConnection(pair.accepted, { maxLineBytes: 4_096 }, handlers);
  const control = new ControlConnection(services, line, () => {});
  await services.desk.enter(control, { user, token: "" }, { publicKey: "key" });
  const player = services.desk.lobby.playerNamed(user) as Player;
  services.desk.lobby.setHeartbeat(player, true);
  return { player, control, pair };
}

it("a player who reconnects while the match is being stored attends it only after `playing`; otherwise it is void", async () => {
  const { desk, results } = services;
  const { player: alan } = await comes("Alan");
  const { player: beto } = await comes("Beto");
  await desk.perform(desk.lobby.begin(alan, "Beto"));
  const endpoints = { gamePort: 1, self: "Beto", pingPort: 2, announcedHost: undefined };
  const started = desk.perform(desk.lobby.accept(beto, "Alan", endpoints));
  await comes("Alan");
  await comes("Beto");
  commit();
  await started;
  expect(results.openMatches()).toHaveLength(1);
  clock.advance(LIMIT_MS);
  await results.close();
  expect(results.openMatches()).toEqual([]);
  expect([desk.lobby.isPlaying("Alan"), desk.lobby.isPlaying("Beto")]).toEqual([false, false]);
});

it("a player whose logout fails on a full disk is told that the open invitation has ended", async () => {
  const { desk } = services;
  const alan = await comes("Alan");
  const beto = await comes("Beto");
  store.endSession = () => Promise.reject(new StoreError("the write was not kept"));
  await desk.perform(desk.lobby.begin(alan.player, "Beto"));
  await desk.perform(desk.lobby.acknowledge(beto.player, "Alan"));
  await alan.control.onLine("logout");
  let heard = "";
  for await (const chunk of alan.pair.peer) {
    heard += chunk;
    if (heard.includes("answer;")) break;
  }
  expect(heard.split("\n").map((line) => line.split(";").slice(0, 4).join(";"))).toEqual([
    "beginACK;Beto",
    "logoutERR;TRY_LATER;5;too much at the moment, try again later",
    "answer;Beto;False;DISCONNECTED",
    "",
  ]);
  expect(desk.lobby.playerNamed("Alan")).toBeDefined();
});

it("a failed logout does not affect a newer login of the same user", async () => {
  const { desk } = services;
  const old = await comes("Alan");
  let fail: () => void = () => {};
  store.endSession = () =>
    new Promise((_, reject) => {
      fail = () => reject(new StoreError("no answer"));
    });
  const loggedOut = old.control.onLine("logout");
  const { player } = await comes("Alan");
  fail();
  await loggedOut;
  expect(desk.lobby.playerNamed("Alan")).toBe(player);
  expect(old.control.player).toBeNull();
});
