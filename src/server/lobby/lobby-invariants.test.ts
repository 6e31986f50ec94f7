// Whatever happens in whatever order, some things hold.
import fc from "fast-check";
import { expect, it } from "vitest";
import { MemoryDirectory } from "../directory/memory-directory.ts";
import type { Player } from "../directory/player.ts";
import { Lobby } from "./lobby.ts";
import type { Effect } from "./lobby-effects.ts";

const users = ["Alan", "Beto", "Carla"];
const endpoints = { gamePort: 4001, self: "", pingPort: 4002, announcedHost: undefined };

/** A lobby, and what the world around it knows: who is here, what waits, which `begin` has no answer yet. */
class World {
  #nowMs = 0;
  readonly directory = new MemoryDirectory();
  /** A minute goes by with every look at the clock: how many invitations a minute are let is not looked at here. */
  readonly lobby = new Lobby(() => (this.#nowMs += 60_000), this.directory);
  readonly here = new Map<string, Player>();
  readonly timers = new Set<number>();
  readonly starts = new Set<number>();
  readonly unanswered = new Map<Player, number>();
  readonly matches = new Map<string, string>();
  #count = 0;

  enter(user: string): void {
    const connectionId = String(++this.#count);
    const player = { user, connectionId, publicKey: "key", address: "10.0.0.1", serverAddress: "10.0.0.9" };
    this.happen(this.lobby.enter(player));
    this.lobby.setHeartbeat(player, true);
    this.here.set(user, player);
    this.unanswered.set(player, 0);
  }

  leave(user: string): void {
    this.#with(user, (player) => this.lobby.leave(player));
    this.here.delete(user);
  }

  begin(user: string, other: string): void {
    this.#with(user, (player) => {
      this.unanswered.set(player, (this.unanswered.get(player) ?? 0) + 1);
      return this.lobby.begin(player, other);
    });
  }

  say(what: "cancel" | "acknowledge" | "decline" | "accept" | "refuse", user: string, other: string): void {
    this.#with(user, (player) => {
      if (what === "accept") return this.lobby.accept(player, other, endpoints);
      if (what === "refuse") return this.lobby.refuseInvitation(player, other, "BUSY");
      return this.lobby[what](player, other);
    });
  }

  finishStart(isOnDisk: boolean): void {
    for (const id of this.starts) {
      this.starts.delete(id);
      const effects = isOnDisk ? this.lobby.matchStarted(id, `m${id}`, "t") : this.lobby.matchFailed(id, 5);
      if (isOnDisk) for (const user of users) this.matches.set(`${user} m${id}`, user);
      this.happen(effects);
    }
  }

  finishMatches(): void {
    for (const [match, user] of this.matches) this.lobby.endMatch(user, match.split(" ")[1] as string);
    this.matches.clear();
  }

  timeIsUp(): void {
    for (const id of this.timers) {
      this.timers.delete(id);
      this.happen(this.lobby.timeIsUp(id));
    }
  }

  happen(effects: Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "invite") this.happen(this.lobby.away.undelivered(effect));
      if (effect.kind === "armTimer") this.timers.add(effect.invitationId);
      if (effect.kind === "disarmTimer") this.timers.delete(effect.invitationId);
      if (effect.kind === "startMatch") this.starts.add(effect.invitationId);
      const isAnswer =
        (effect.kind === "tell" && effect.message.name === "beginACK") ||
        (effect.kind === "refuse" && effect.request === "begin");
      if (isAnswer) this.unanswered.set(effect.to, (this.unanswered.get(effect.to) ?? 0) - 1);
    }
  }

  #with(user: string, act: (player: Player) => Effect[]): void {
    const player = this.here.get(user);
    if (player) this.happen(act(player));
  }
}

const user = fc.constantFrom(...users);
const word = fc.constantFrom("cancel", "acknowledge", "decline", "accept", "refuse");
const step: fc.Arbitrary<(world: World) => void> = fc.oneof(
  user.map((name) => (world: World) => world.enter(name)),
  user.map((name) => (world: World) => world.leave(name)),
  fc.tuple(user, user).map(
    ([one, other]) =>
      (world: World) =>
        world.begin(one, other),
  ),
  fc.tuple(word, user, user).map(
    ([what, one, other]) =>
      (world: World) =>
        world.say(what, one, other),
  ),
  fc.boolean().map((isOnDisk) => (world: World) => world.finishStart(isOnDisk)),
  fc.constant((world: World) => world.timeIsUp()),
  fc.constant((world: World) => world.finishMatches()),
);

function runs(check: (world: World) => void): void {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      const world = new World();
      for (const name of users) world.enter(name);
      for (const next of steps) next(world);
      check(world);
    }),
    { numRuns: 2_000 },
  );
}

it("every begin has exactly one answer once the time is up, if the inviter is still connected", () => {
  runs((world) => {
    world.finishStart(true);
    world.timeIsUp();
    for (const player of world.here.values()) expect(world.unanswered.get(player)).toBe(0);
  });
});

it("no begin is ever answered twice", () => {
  runs((world) => {
    for (const count of world.unanswered.values()) expect(count).toBeGreaterThanOrEqual(0);
  });
});

it("once every invitation and match is over, nobody is playing, and anybody can invite anybody", () => {
  runs((world) => {
    world.finishStart(true);
    world.timeIsUp();
    world.finishMatches();
    expect(world.timers.size).toBe(0);
    expect(world.directory.page(0)).not.toContain("playing");
    const [one, other] = [...world.here.values()];
    if (!one || !other) return;
    expect(world.lobby.begin(one, other.user)[0]).toMatchObject({ kind: "tell", to: other });
  });
});

it("list has exactly the connected users", () => {
  runs((world) => {
    const names = world.directory.page(0).split(";").slice(1);
    expect(names.map((name) => name.split(":")[0])).toEqual([...world.here.keys()].sort());
  });
});
