// Many whole clients in one process: starts them one after another, brings the players of each match together, and
// knows when everything is done.
import type { ServerAddress } from "../client/links/server-connection.ts";
import { startingAt } from "../client/server-addresses.ts";
import type { World } from "../client/world.ts";
import { watchHeartbeats } from "./heartbeat-watch.ts";
import type { OnLatency } from "./latencies.ts";
import { Member } from "./member.ts";
import type { MatchUnderWay } from "./player.ts";
import { type PlannedMatch, planCrowd, planLooks, type Schedule } from "./schedule.ts";
import { Tally } from "./tally.ts";

/** How long the last looks may wait for their answers. */
const LAST_ANSWERS_MS = 5_000;

export interface CrowdOptions {
  server: ServerAddress;
  /** The members are spread over all servers, and move to the next when theirs is lost. */
  otherServers?: readonly ServerAddress[] | undefined;
  seed: number;
  clients: number;
  /** 0: nobody plays. */
  matches: number;
  rampPerSecond: number;
  /** The accounts exist already. Otherwise each member registers if necessary. */
  isRegistered?: boolean;
  /** How often each looks around, on average; null: never. */
  meanLookPauseMs: number | null;
  /** How long each thinks about a move. */
  thinkMs: number;
  /** The longest duration after everybody has logged in; null: until the matches are done, or endless. */
  limitMs: number | null;
}

export interface CrowdHandlers {
  /** Every member is logged in or has failed. */
  onEverybodyIn(): void;
  /** The last member that had lost the server is logged in again; `awayMs` is how long that took. */
  onEverybodyBack(awayMs: number): void;
  onLatency?: OnLatency;
}

export interface CrowdState {
  readonly schedule: Schedule;
  readonly tally: Tally;
  readonly connectedCount: number;
  readonly loggedInCount: number;
  readonly goneCount: number;
  /** From the first planned start to the last login. */
  readonly enteringMs: number;
  /** Finished matches and those that were given up. */
  readonly closed: readonly MatchUnderWay[];
}

export class Crowd implements CrowdState {
  readonly schedule: Schedule;
  readonly tally: Tally;
  connectedCount = 0;
  loggedInCount = 0;
  enteringMs = 0;
  readonly closed: MatchUnderWay[] = [];
  readonly #world: World;
  readonly #options: CrowdOptions;
  readonly #members: Member[];
  /** For each member the matches that it has still to play. */
  readonly #cards: PlannedMatch[][];
  readonly #free = new Set<number>();
  readonly #gone = new Set<number>();
  readonly #handlers: CrowdHandlers;
  #awayCount = 0;
  #startMs = 0;
  #isEverybodyIn = false;
  #stopTimers: (() => void)[] = [];
  #finish: () => void = () => {};

  constructor(world: World, options: CrowdOptions, handlers: CrowdHandlers) {
    this.tally = new Tally(handlers.onLatency);
    this.#world = {
      ...world,
      network: watchHeartbeats(world.network, world.clock, (lateMs) =>
        this.tally.latencies.add("heartbeat", lateMs),
      ),
    };
    this.#options = options;
    this.#handlers = handlers;
    this.schedule = planCrowd(options);
    this.#members = this.schedule.members.map((_, index) => this.#newMember(index));
    this.#cards = this.#members.map(() => []);
    for (const match of this.schedule.matches) {
      this.#cards[match.x]?.push(match);
      this.#cards[match.o]?.push(match);
    }
  }

  get goneCount(): number {
    return this.#gone.size;
  }

  /** Resolves when all is done, the limit is reached, or `signal` is aborted; everybody has left by then. */
  async run(signal: AbortSignal): Promise<void> {
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    signal.addEventListener("abort", this.#finish);
    this.#startMs = this.#world.clock.nowMs();
    this.schedule.members.forEach(({ comesAtMs }, index) => {
      this.#after(comesAtMs, () => this.#members[index]?.come(this.#startMs + comesAtMs));
    });
    if (signal.aborted) this.#finish();
    await finished;
    signal.removeEventListener("abort", this.#finish);
    await this.#disperse();
  }

  async #disperse(): Promise<void> {
    for (const stop of this.#stopTimers) stop();
    let stopWaiting = () => {};
    const limit = new Promise<void>((resolve) => {
      stopWaiting = this.#world.clock.after(LAST_ANSWERS_MS, resolve);
    });
    await Promise.race([Promise.all(this.#members.map((member) => member.stopLooking())), limit]);
    stopWaiting();
    for (const { unansweredLooks } of this.#members) {
      for (let count = unansweredLooks; count > 0; count--) this.tally.countError("look unanswered");
    }
    await Promise.all(this.#members.map((member) => member.leave()));
  }

  #newMember(index: number): Member {
    const { seed, meanLookPauseMs, thinkMs, isRegistered = false } = this.#options;
    const [server, ...otherServers] = startingAt(
      [this.#options.server, ...(this.#options.otherServers ?? [])],
      index,
    );
    const plan = this.schedule.members[index]!;
    return new Member(
      {
        world: this.#world,
        client: { server, otherServers, gamePort: 0, pingPort: 0 },
        plan,
        isRegistered,
        thinkMs,
        looks: meanLookPauseMs === null ? null : planLooks(seed, plan.name, meanLookPauseMs),
        tally: this.tally,
      },
      {
        onConnected: () => {
          this.connectedCount += 1;
        },
        onLoggedIn: () => this.#loggedIn(index),
        onAway: () => {
          this.#awayCount += 1;
        },
        onBack: (awayMs) => {
          this.#awayCount -= 1;
          if (this.#awayCount === 0) this.#handlers.onEverybodyBack(awayMs);
        },
        onGone: () => this.#leftBehind(index),
        onPlayed: (match) => {
          if (match.results.X && match.results.O) this.#close(match);
        },
        onGivenUp: (match) => this.#close(match),
      },
    );
  }

  #loggedIn(index: number): void {
    this.loggedInCount += 1;
    this.enteringMs = this.#world.clock.nowMs() - this.#startMs;
    this.#free.add(index);
    this.#arrange(index);
    this.#seeWhoIsIn();
  }

  /** A match begins when it is the first on both players' cards and both are free. */
  #arrange(index: number): void {
    const plan = this.#cards[index]?.[0];
    if (!plan || !this.#free.has(plan.x) || !this.#free.has(plan.o)) return;
    if (this.#cards[plan.x]?.[0] !== plan || this.#cards[plan.o]?.[0] !== plan) return;
    this.#free.delete(plan.x);
    this.#free.delete(plan.o);
    const nextOfO = this.#cards[plan.o]?.[1];
    const nowMs = this.#world.clock.nowMs();
    const match: MatchUnderWay = {
      ...this.#matchOf(plan),
      dueMs: nowMs,
      moveDueMs: nowMs,
      isRematchNext: nextOfO?.x === plan.x && nextOfO.o === plan.o,
    };
    this.#members[plan.o]?.play(match, "O");
    this.#members[plan.x]?.play(match, "X");
  }

  #matchOf(plan: PlannedMatch): MatchUnderWay {
    const names = { X: this.#members[plan.x]?.name ?? "", O: this.#members[plan.o]?.name ?? "" };
    return { plan, names, dueMs: 0, moveDueMs: 0, isRematchNext: false, results: {} };
  }

  /** The match is over or will never be played. */
  #close(match: MatchUnderWay): void {
    const { x, o } = match.plan;
    this.closed.push(match);
    for (const index of [x, o]) {
      this.#members[index]?.dropMatch();
      const card = this.#cards[index] ?? [];
      card.splice(card.indexOf(match.plan), 1);
      if (!this.#gone.has(index)) this.#free.add(index);
    }
    for (const index of [x, o]) this.#arrange(index);
    this.#finishWhenPlayed();
  }

  /** When a member cannot continue, its matches are closed too. */
  #leftBehind(index: number): void {
    if (this.#gone.has(index)) return;
    this.#gone.add(index);
    this.#free.delete(index);
    for (const plan of [...(this.#cards[index] ?? [])]) this.#close(this.#matchOf(plan));
    this.#seeWhoIsIn();
  }

  #seeWhoIsIn(): void {
    if (this.#isEverybodyIn || this.loggedInCount + this.#gone.size < this.#members.length) return;
    this.#isEverybodyIn = true;
    this.#handlers.onEverybodyIn();
    if (this.#options.limitMs !== null) this.#after(this.#options.limitMs, () => this.#finish());
    this.#finishWhenPlayed();
    // Nobody is left to wait for.
    if (this.#gone.size === this.#members.length) this.#finish();
  }

  #finishWhenPlayed(): void {
    const { matches } = this.#options;
    if (matches > 0 && this.#isEverybodyIn && this.closed.length === this.schedule.matches.length)
      this.#finish();
  }

  #after(delayMs: number, run: () => void): void {
    this.#stopTimers.push(this.#world.clock.after(delayMs, run));
  }
}
