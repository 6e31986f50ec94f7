// An opponent for one person: registers, logs in, accepts every invitation, plays, and plays again.
import { Client, type ClientOptions } from "../client/client.ts";
import type { Notice } from "../client/session/notice.ts";
import type { World } from "../client/world.ts";
import { chooseSquare } from "./strategy.ts";

/** Keeps a person's pace; also tells the bot's moves apart on a chart. */
const THINKING_MS = 600;
const NAME_TRIES = 20;

export interface OpponentOptions {
  client: ClientOptions;
  name: string;
  password: string;
  /** The user chose the name, so no other is tried. */
  isNameFixed: boolean;
  thinkingMs?: number;
}

export interface OpponentHandlers {
  say(line: string): void;
  onEnd(outcome: { ok: true } | { ok: false; text: string }): void;
}

export class Opponent {
  readonly #world: World;
  readonly #options: OpponentOptions;
  readonly #handlers: OpponentHandlers;
  readonly #client: Client;
  #name: string;
  #triesLeft = NAME_TRIES;
  #isRegistered = false;

  constructor(world: World, options: OpponentOptions, handlers: OpponentHandlers) {
    this.#world = world;
    this.#options = options;
    this.#handlers = handlers;
    this.#name = options.name;
    this.#client = new Client(world, options.client, {
      onNotice: (notice) => this.#hear(notice),
      onChange: () => {},
      onUnreachable: (reason) => {
        const { host, port } = options.client.server;
        handlers.onEnd({
          ok: false,
          text: `Cannot connect to ${host}:${port}: ${reason}. Is the server running?`,
        });
      },
    });
  }

  start(): void {
    this.#client.start();
  }

  leave(): Promise<void> {
    return this.#client.leave();
  }

  #hear(notice: Notice): void {
    switch (notice.kind) {
      case "connected":
        this.#soon(0, () => this.#register());
        break;
      case "user-created":
        this.#isRegistered = true;
        this.#soon(0, () => this.#logIn());
        break;
      case "logged-in":
        this.#handlers.say(`${notice.user} waits for players: begin ${notice.user}`);
        break;
      case "server-refused":
        this.#refused(notice);
        break;
      case "invited":
      case "rematch":
        this.#soon(0, () => this.#client.run({ name: "answer", isYes: true }));
        break;
      case "match-started":
        this.#handlers.say(`Match with ${notice.opponent}: ${this.#name} is ${notice.symbol}`);
        break;
      case "your-move":
        this.#soon(this.#options.thinkingMs ?? THINKING_MS, () => this.#move());
        break;
      case "opponent-idle":
        this.#soon(0, () => this.#client.run({ name: "leave" }));
        break;
      case "result":
        this.#handlers.say(resultLine(notice));
        break;
      case "server-lost":
        this.#handlers.say("The server is away; trying to reach it");
        break;
      case "server-back":
        this.#handlers.say("The server is back");
        break;
      case "session-ended":
        this.#soon(0, () => this.#logIn());
        break;
      case "certificate-changed":
      case "certificate-expired":
      case "secure-failed":
      case "replaced":
      case "server-given-up":
        this.#handlers.onEnd({ ok: false, text: `${this.#name} has to stop: ${notice.kind}` });
    }
  }

  /** A notice comes in the middle of an event; what the bot does about it comes after. */
  #soon(delayMs: number, run: () => void): void {
    this.#world.clock.after(delayMs, run);
  }

  #register(): void {
    this.#client.run({ name: "adduser", user: this.#name, password: this.#options.password });
  }

  #logIn(): void {
    this.#client.run({ name: "login", user: this.#name, password: this.#options.password });
  }

  #refused({ request, code, seconds, text }: Extract<Notice, { kind: "server-refused" }>): void {
    if (code === "TRY_LATER" && (request === "adduser" || request === "login")) {
      const waitMs = (seconds ?? 1) * 1_000;
      this.#soon(waitMs, () => (request === "adduser" ? this.#register() : this.#logIn()));
    } else if (request === "adduser" && code === "USER_EXISTS") {
      this.#logIn();
    } else if (
      request === "login" &&
      !this.#isRegistered &&
      !this.#options.isNameFixed &&
      this.#triesLeft > 0
    ) {
      this.#triesLeft -= 1;
      this.#name = `${this.#options.name}-${Math.floor(this.#world.random.fraction() * 10_000)}`;
      this.#register();
    } else if (request === "adduser" || request === "login") {
      this.#handlers.onEnd({ ok: false, text: `${this.#name} cannot log in: ${text || code}` });
    }
  }

  #move(): void {
    const { match } = this.#client.session;
    if (!match || match.transcript.state.turn !== match.symbol) return;
    const { board } = match.transcript.state;
    const square = chooseSquare(board, match.symbol, this.#world.random.fraction());
    if (square) this.#client.run({ name: "send", row: square.row, column: square.column });
  }
}

function resultLine({ opponent, outcome, points }: Extract<Notice, { kind: "result" }>): string {
  return `Match with ${opponent}: ${outcome}, ${points} ${points === 1 ? "point" : "points"}`;
}
