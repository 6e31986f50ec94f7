// Keeps the server's store busy with one user after another, each a whole client: it registers, logs in, plays, changes
// its password, logs out and in again, and leaves. Requests that a killed server left unanswered are repeated.
import { Player } from "../../src/bots/player.ts";
import type { Tally } from "../../src/bots/tally.ts";
import { Client } from "../../src/client/client.ts";
import type { Command } from "../../src/client/commands.ts";
import type { ServerAddresses } from "../../src/client/server-addresses.ts";
import type { Notice } from "../../src/client/session/notice.ts";
import type { World } from "../../src/client/world.ts";
import type { Chance } from "../../src/shared/chance/chance.ts";
import type { Matchmaker, WaitingPlayer } from "./matchmaker.ts";

/** No step takes this long while the server is killed now and then. A user who waits longer is replaced by the next. */
const STEP_LIMIT_MS = 8_000;
const COME_AGAIN_MS = 200;
/** How many actions a user performs between login and leaving. */
const FEWEST_ACTIONS = 4;
const MOST_ACTIONS = 16;

export interface UserLoadOptions {
  servers: ServerAddresses;
  matchmaker: Matchmaker;
  tally: Tally;
  random: Chance;
  /** The name of the n-th user. */
  nameOf(n: number): string;
  /** A world that records the user's requests. */
  worldOf(user: string): World;
}

type Action = (visit: Visit) => Promise<boolean>;

/** Runs one new user after another until `signal` is aborted. */
export async function runUsers(options: UserLoadOptions, signal: AbortSignal): Promise<void> {
  const { random } = options;
  for (let n = 1; !signal.aborted; n++) {
    const visit = new Visit(options, options.nameOf(n), signal);
    let isWell = await visit.enter();
    const actions = FEWEST_ACTIONS + Math.floor(random.fraction() * (MOST_ACTIONS - FEWEST_ACTIONS + 1));
    for (let done = 0; isWell && done < actions && !signal.aborted; done++) {
      isWell = await drawAction(random)(visit);
    }
    await visit.leave();
    if (!isWell) await new Promise((resolve) => setTimeout(resolve, COME_AGAIN_MS));
  }
}

function drawAction({ fraction }: Chance): Action {
  const which = fraction();
  if (which < 0.7) return (visit) => visit.play();
  if (which < 0.8) return (visit) => visit.changePassword();
  if (which < 0.9) return (visit) => visit.logInAgain();
  return (visit) => visit.lookAround();
}

/** One user's visit. Each step returns false when it did not complete: the user leaves then. */
class Visit implements WaitingPlayer {
  readonly name: string;
  readonly player: Player;
  readonly #options: UserLoadOptions;
  readonly #signal: AbortSignal;
  readonly #clock: World["clock"];
  readonly #client: Client;
  /** Passwords that may be right, the most likely one first. */
  #passwords: string[];
  #passwordCount = 1;
  #listeners = new Set<(notice: Notice | null) => void>();
  #isUnreachable = false;
  #hasMatchStarted = false;
  #isMatchOver = true;

  constructor(options: UserLoadOptions, name: string, signal: AbortSignal) {
    const world = options.worldOf(name);
    this.name = name;
    this.#options = options;
    this.#signal = signal;
    this.#clock = world.clock;
    this.#passwords = [`${name} 1`];
    const [server, ...otherServers] = options.servers;
    this.#client = new Client(
      world,
      { server, otherServers, gamePort: 0, pingPort: 0 },
      {
        onNotice: (notice) => this.#hear(notice),
        onChange: () => this.#notify(null),
        onUnreachable: () => {
          this.#isUnreachable = true;
          this.#notify(null);
        },
      },
    );
    const onOver = () => {
      this.#isMatchOver = true;
      this.#notify(null);
    };
    this.player = new Player(
      this.#client,
      { clock: world.clock, thinkMs: 0, tally: options.tally },
      { onPlayed: onOver, onGivenUp: onOver },
    );
  }

  async enter(): Promise<boolean> {
    this.#client.start();
    const isHere = () => this.#client.refusalOf("adduser") === null;
    await this.#until(() => isHere() || this.#isUnreachable);
    return isHere() && (await this.#register()) && (await this.#logIn());
  }

  leave(): Promise<void> {
    this.#options.matchmaker.leave(this);
    this.player.drop();
    return this.#client.leave();
  }

  async play(): Promise<boolean> {
    if (!(await this.#isLoggedIn())) return false;
    this.#hasMatchStarted = false;
    this.#isMatchOver = false;
    this.#options.matchmaker.enter(this);
    const isUseless = () => this.#signal.aborted && !this.#hasMatchStarted;
    await this.#until(() => this.#isMatchOver || isUseless());
    const wasStillWaiting = this.#options.matchmaker.leave(this);
    this.player.drop();
    return this.#isMatchOver || wasStillWaiting;
  }

  async changePassword(): Promise<boolean> {
    const [oldPassword = ""] = this.#passwords;
    const newPassword = `${this.name} ${++this.#passwordCount}`;
    const answer = await this.#request({ name: "passwd", oldPassword, newPassword }, "password-changed");
    if (answer === "done") this.#passwords = [newPassword];
    else if (answer === "unknown") this.#passwords = [newPassword, ...this.#passwords];
    else if (answer === "BAD_CREDENTIALS") this.#passwords.shift();
    return this.#passwords.length > 0;
  }

  async logInAgain(): Promise<boolean> {
    const answer = await this.#request({ name: "logout" }, "logged-out");
    // For the server this user is still in a match, and cannot log out.
    if (answer === "IN_MATCH") return false;
    return this.#isLoggedIn();
  }

  async lookAround(): Promise<boolean> {
    return (await this.#request({ name: "leaders" }, "leaders")) !== "too late";
  }

  async #register(): Promise<boolean> {
    const [password = ""] = this.#passwords;
    return this.#insist(
      () => ({ name: "adduser", user: this.name, password }),
      "user-created",
      "USER_EXISTS",
    );
  }

  async #logIn(): Promise<boolean> {
    return this.#insist(() => {
      const [password = ""] = this.#passwords;
      return { name: "login", user: this.name, password };
    }, "logged-in");
  }

  /** Is logged in, if necessary after logging in again. */
  async #isLoggedIn(): Promise<boolean> {
    const isBack = () => this.#client.refusalOf("list") === null;
    return (await this.#until(isBack)) && (this.#client.session.user !== null || this.#logIn());
  }

  async #insist(command: () => Command, done: Notice["kind"], asGood = ""): Promise<boolean> {
    for (;;) {
      const answer = await this.#request(command(), done);
      if (answer === "done" || answer === asGood) return true;
      if (answer === "BAD_CREDENTIALS") this.#passwords.shift();
      else if (answer !== "unknown" && answer !== "TRY_LATER") return false;
      if (this.#passwords.length === 0) return false;
    }
  }

  /** Sends the request once the server is reachable. Resolves with the error code if it is refused. */
  async #request(
    command: Command,
    done: Notice["kind"],
  ): Promise<"done" | "unknown" | "too late" | (string & {})> {
    if (!(await this.#until(() => this.#client.refusalOf(command.name) === null))) return "too late";
    let answer = "";
    const heard = (notice: Notice | null) => {
      if (notice?.kind === done) answer = "done";
      else if (notice?.kind === "server-refused" && notice.request === command.name) answer = notice.code;
      else if (notice?.kind === "server-lost" || notice?.kind === "secure-failed") answer ||= "unknown";
    };
    this.#listeners.add(heard);
    this.#client.run(command);
    const isAnswered = await this.#until(() => answer !== "");
    this.#listeners.delete(heard);
    return isAnswered ? answer : "too late";
  }

  #hear(notice: Notice): void {
    this.#options.tally.hear(notice);
    this.player.hear(notice);
    if (notice.kind === "match-started") this.#hasMatchStarted = true;
    this.#notify(notice);
  }

  #notify(notice: Notice | null): void {
    for (const listener of [...this.#listeners]) listener(notice);
  }

  /** False if the condition does not hold in time. */
  #until(isSo: () => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (wasSo: boolean) => {
        this.#listeners.delete(look);
        this.#signal.removeEventListener("abort", look);
        stopLimit();
        resolve(wasSo);
      };
      const look = () => {
        if (isSo()) finish(true);
      };
      const stopLimit = this.#clock.after(STEP_LIMIT_MS, () => finish(isSo()));
      this.#listeners.add(look);
      this.#signal.addEventListener("abort", look);
      look();
    });
  }
}
