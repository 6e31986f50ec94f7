// One of a crowd: a whole client that registers if need be, logs in, looks around and plays what it is given.
import { Client, type ClientOptions } from "../client/client.ts";
import type { Notice } from "../client/session/notice.ts";
import type { World } from "../client/world.ts";
import type { PlayerSymbol } from "../game/board.ts";
import { Looks } from "./looks.ts";
import { type MatchUnderWay, Player, type PlayerHandlers } from "./player.ts";
import type { PlannedLook, PlannedMember } from "./schedule.ts";
import type { Tally } from "./tally.ts";

const ENTER_AGAIN_SECONDS = 1;
/** For requests without any answer. A refusal that says when to try again is followed. */
const ENTER_TRIES = 10;

export interface MemberHandlers extends PlayerHandlers {
  onConnected(): void;
  /** Once. */
  onLoggedIn(): void;
  /** It lost the server while it was logged in, and tries to come back. */
  onAway(): void;
  /** It is logged in again. */
  onBack(awayMs: number): void;
  /** It has to stop; no further call follows. */
  onGone(): void;
}

export interface MemberOptions {
  world: World;
  client: ClientOptions;
  plan: PlannedMember;
  isRegistered: boolean;
  /** Thinking time per move. */
  thinkMs: number;
  /** null: it does not look around. */
  looks: Generator<PlannedLook, never> | null;
  tally: Tally;
}

export class Member {
  readonly name: string;
  readonly #world: World;
  readonly #plan: PlannedMember;
  readonly #isRegistered: boolean;
  readonly #tally: Tally;
  readonly #handlers: MemberHandlers;
  readonly #client: Client;
  readonly #looks: Looks | null;
  readonly #player: Player;
  #stage: "connect" | "adduser" | "login" | "inside" = "connect";
  /** When the event that the stage waits for was due. */
  #dueMs = 0;
  #wasInside = false;
  /** When it lost the server that it was logged in at. */
  #lostAtMs: number | null = null;
  #triesLeft = ENTER_TRIES;

  constructor(options: MemberOptions, handlers: MemberHandlers) {
    const { world, client, plan, isRegistered, thinkMs, looks, tally } = options;
    this.name = plan.name;
    this.#world = world;
    this.#plan = plan;
    this.#isRegistered = isRegistered;
    this.#tally = tally;
    this.#handlers = handlers;
    this.#client = new Client(world, client, {
      onNotice: (notice) => this.#hear(notice),
      onChange: () => {},
      onUnreachable: (reason) => {
        tally.countError(`connect ${/\bE[A-Z]{3,}\b/.exec(reason)?.[0] ?? "UNREACHABLE"}`);
        handlers.onGone();
      },
    });
    this.#looks = looks && new Looks(this.#client, world.clock, looks, tally);
    this.#player = new Player(this.#client, { clock: world.clock, thinkMs, tally }, handlers);
  }

  /** `dueMs` is when it should have come, which can be slightly in the past. */
  come(dueMs: number): void {
    this.#dueMs = dueMs;
    this.#client.start();
  }

  play(match: MatchUnderWay, symbol: PlayerSymbol): void {
    this.#player.play(match, symbol);
  }

  dropMatch(): void {
    this.#player.drop();
  }

  /** Resolves when every look around is answered. */
  async stopLooking(): Promise<void> {
    await this.#looks?.stop();
  }

  get unansweredLooks(): number {
    return this.#looks?.unansweredCount ?? 0;
  }

  async leave(): Promise<void> {
    this.#player.drop();
    await this.#client.leave();
  }

  #hear(notice: Notice): void {
    this.#tally.hear(notice);
    this.#looks?.hear(notice);
    this.#player.hear(notice);
    switch (notice.kind) {
      case "connected":
        this.#answered("connect", this.#isRegistered ? "login" : "adduser");
        this.#handlers.onConnected();
        break;
      case "user-created":
        this.#answered("adduser", "login");
        break;
      case "logged-in":
        this.#answered("login", "inside");
        this.#loggedIn();
        break;
      case "server-refused":
        this.#refused(notice);
        break;
      case "server-lost":
        if (this.#stage === "inside") this.#lost();
        break;
      case "session-ended":
        this.#stage = "login";
        this.#dueMs = this.#world.clock.nowMs();
        this.#enterIn(0);
        break;
      case "server-back":
        this.#back();
        this.#enterIn(0);
        break;
      case "secure-failed":
        this.#enterAgain();
        break;
      case "certificate-changed":
      case "certificate-expired":
      case "replaced":
      case "server-given-up":
        this.#handlers.onGone();
    }
  }

  #answered(stage: "connect" | "adduser" | "login", next: "adduser" | "login" | "inside"): void {
    const nowMs = this.#world.clock.nowMs();
    this.#tally.latencies.add(stage, nowMs - this.#dueMs);
    this.#stage = next;
    this.#dueMs = nowMs;
    if (next !== "inside") queueMicrotask(() => this.#enter());
  }

  #refused({ request, code, seconds }: Extract<Notice, { kind: "server-refused" }>): void {
    if (request !== "adduser" && request !== "login") return;
    // Clients that were told the same delay must not come back at the same moment.
    const spread = 1 + this.#world.random.fraction();
    if (code === "TRY_LATER") this.#enterIn((seconds ?? ENTER_AGAIN_SECONDS) * spread);
    else if (code === "USER_EXISTS") this.#answered("adduser", "login");
    else this.#handlers.onGone();
  }

  #loggedIn(): void {
    if (this.#wasInside) return;
    this.#wasInside = true;
    this.#looks?.start();
    this.#handlers.onLoggedIn();
  }

  #lost(): void {
    this.#lostAtMs = this.#world.clock.nowMs();
    this.#handlers.onAway();
  }

  #back(): void {
    if (this.#lostAtMs === null) return;
    const awayMs = this.#world.clock.nowMs() - this.#lostAtMs;
    this.#lostAtMs = null;
    this.#tally.latencies.add("come back", awayMs);
    this.#handlers.onBack(awayMs);
  }

  #enterAgain(): void {
    if (this.#stage === "inside") return;
    this.#triesLeft -= 1;
    if (this.#triesLeft > 0) this.#enterIn(ENTER_AGAIN_SECONDS);
    else this.#handlers.onGone();
  }

  #enterIn(seconds: number): void {
    if (this.#stage !== "inside") this.#world.clock.after(seconds * 1_000, () => this.#enter());
  }

  /** While the server is away there is nothing to do: `server-back` comes. */
  #enter(): void {
    if (this.#stage !== "adduser" && this.#stage !== "login") return;
    if (this.#client.refusalOf(this.#stage) !== null) return;
    const { name: user, password } = this.#plan;
    this.#client.run({ name: this.#stage, user, password });
  }
}
