// The person at a simulated client: decides what to type next, by chance and by what the client shows.
import type { Client } from "../../src/client/client.ts";
import type { Command } from "../../src/client/commands.ts";
import type { Notice } from "../../src/client/session/notice.ts";
import { at, type Square } from "../../src/game/board.ts";
import type { Chance } from "../../src/shared/chance/chance.ts";

/** What a person does at the keyboard: types a command, ends the program, or nothing yet. */
export type PersonAction = Command | { name: "exit" } | null;

type View = Client["session"];

const squares: readonly Square[] = [1, 2, 3].flatMap((row) => [1, 2, 3].map((column) => ({ row, column })));

export class Person {
  readonly user: string;
  readonly #others: readonly string[];
  readonly #chance: Chance;
  /** Starts no new match, and finishes the open ones. */
  isGoingHome = false;
  #isRegistered = false;
  /** Passwords that may be right: several when a change was not answered. The last one is tried next. */
  #passwords: string[];
  #newPassword: string | null = null;

  constructor(user: string, others: readonly string[], chance: Chance) {
    this.user = user;
    this.#others = others;
    this.#chance = chance;
    this.#passwords = [`${user}'s password`];
  }

  get possiblePasswords(): readonly string[] {
    return this.#newPassword === null ? this.#passwords : [...this.#passwords, this.#newPassword];
  }

  hear(notice: Notice): void {
    if (notice.kind === "user-created") this.#isRegistered = true;
    if (notice.kind === "logged-in") this.#passwords = this.#passwords.slice(-1);
    if (notice.kind === "password-changed" && this.#newPassword !== null) {
      this.#passwords = [this.#newPassword];
      this.#newPassword = null;
    }
    if (notice.kind === "out-of-place" && notice.command === "passwd") this.#newPassword = null;
    if (notice.kind === "server-refused") this.#hearRefusal(notice.request, notice.code);
  }

  next(session: View): PersonAction {
    const { phase, question } = session;
    if (session.isWaiting) return null;
    if (this.#newPassword !== null) this.#passwords.unshift(this.#newPassword);
    this.#newPassword = null;
    if (!this.isGoingHome) {
      const whim = this.#whim();
      if (whim) return whim;
    }
    if (question) return { name: "answer", isYes: !this.isGoingHome && this.#is(0.85) };
    if (phase === "playing") return this.#atTheBoard(session);
    if (phase === "disconnected")
      return session.refusalOf("reconnect") === null ? { name: "reconnect" } : null;
    if (phase === "connected") return this.#enter();
    if (phase === "inviting") return this.isGoingHome || this.#is(0.05) ? { name: "cancel" } : null;
    if (phase === "invited") return null;
    // A client whose disk was full tries to write again at the next event.
    if (this.isGoingHome) return this.#is(0.1) ? { name: "list" } : null;
    return this.#is(0.6) ? { name: "begin", user: this.#one(this.#others) } : null;
  }

  #enter(): PersonAction {
    if (!this.#isRegistered) return { name: "adduser", user: this.user, password: this.#passwords[0] ?? "" };
    return { name: "login", user: this.user, password: this.#passwords.at(-1) ?? "" };
  }

  #hearRefusal(request: string, code: string): void {
    if (code === "USER_EXISTS") this.#isRegistered = true;
    if (request === "passwd") this.#newPassword = null;
    const isWrong = code === "BAD_CREDENTIALS";
    if (isWrong) this.#passwords.unshift(this.#passwords.pop() ?? "");
  }

  #atTheBoard(session: View): PersonAction {
    const { match } = session;
    if (!match) return null;
    const { board, turn } = match.transcript.state;
    if (turn === match.symbol) {
      if (this.#is(0.04)) return { name: "end" };
      const free = squares.filter((square) => at(board, square) === null);
      return { name: "send", ...this.#one(this.#is(0.05) ? squares : free) };
    }
    if (this.#is(0.03)) return { name: "send", ...this.#one(squares) };
    if (this.#is(0.02)) return { name: "end" };
    return this.#is(0.1) && session.refusalOf("leave") === null ? { name: "leave" } : null;
  }

  /** Now and then people do something unexpected, often something that makes no sense at this point. */
  #whim(): PersonAction {
    if (!this.#is(0.06)) return null;
    const user = this.#is(0.8) ? this.#one(this.#others) : this.#one([this.user, "nobody", "no name!"]);
    const newPassword = `${this.user}'s password ${Math.floor(this.#chance.fraction() * 1_000)}`;
    const action = this.#one<() => PersonAction>([
      () => ({ name: "exit" }),
      () => ({ name: "logout" }),
      () => ({ name: "list" }),
      () => ({ name: "leaders" }),
      () => ({ name: "begin", user }),
      () => ({ name: "cancel" }),
      () => ({ name: "answer", isYes: this.#is(0.5) }),
      () => ({ name: "send", row: 4, column: 0 }),
      () => ({ name: "board" }),
      () => ({ name: "delay" }),
      () => ({ name: "leave" }),
      () => ({ name: "reconnect" }),
      () => ({ name: "login", user: this.user, password: "wrong password" }),
      () => ({ name: "passwd", oldPassword: this.#passwords.at(-1) ?? "", newPassword }),
    ])();
    if (action?.name === "passwd") this.#newPassword = newPassword;
    return action;
  }

  #is(probability: number): boolean {
    return this.#chance.fraction() < probability;
  }

  #one<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#chance.fraction() * choices.length)] as T;
  }
}
