// One user after another, each a whole client, who keeps the server's store busy: registers, logs in, plays, changes
// the password, logs out and in again, goes. Whatever the server's deaths leave unanswered is asked again.

import { Player } from "../../src/bots/player.ts";
import type { Tally } from "../../src/bots/tally.ts";
import { Client } from "../../src/client/client.ts";
import type { Command } from "../../src/client/command.ts";
import type { ServerAddresses } from "../../src/client/server-addresses.ts";
import type { Notice } from "../../src/client/session/notice.ts";
import type { World } from "../../src/client/world.ts";
import type { Chance } from "../../src/shared/chance/chance.ts";
import type { Seat, Tables } from "./tables.ts";

/** Nothing takes so long while the server is only killed now and then; who waits longer comes as somebody else. */
const STEP_LIMIT_MS = 8_000;
const COME_AGAIN_MS = 200;
/** What a guest does between coming and going. */
const FEWEST_DEEDS = 4;
const MOST_DEEDS = 16;

export interface GuestOptions {
  servers: ServerAddresses;
  tables: Tables;
  tally: Tally;
  random: Chance;
  /** Of the n-th user that it is. */
  nameOf(n: number): string;
  /** With that user's requests recorded. */
  worldOf(user: string): World;
}

type Deed = (visit: Visit) => Promise<boolean>;

/** Comes again and again, as somebody new each time, until `signal` is aborted. */
export async function stay(options: GuestOptions, signal: AbortSignal): Promise<void> {
  const { random } = options;
  for (let n = 1; !signal.aborted; n++) {
    const visit = new Visit(options, options.nameOf(n), signal);
    let isWell = await visit.enter();
    const deeds = FEWEST_DEEDS + Math.floor(random.fraction() * (MOST_DEEDS - FEWEST_DEEDS + 1));
    for (let done = 0; isWell && done < deeds && !signal.aborted; done++) {
      isWell = await drawDeed(random)(visit);
    }
    await visit.leave();
    if (!isWell) await new Promise((resolve) => setTimeout(resolve, COME_AGAIN_MS));
  }
}

function drawDeed({ fraction }: Chance): Deed {
  const which = fraction();
  if (which < 0.7) return (visit) => visit.play();
  if (which < 0.8) return (visit) => visit.changePassword();
  if (which < 0.9) return (visit) => visit.logInAgain();
  return (visit) => visit.lookAround();
}

/** One user's stay. Each step gives false when it did not come to its end: then the user goes. */
class Visit implements Seat {
  readonly name: string;
  readonly player: Player;
  readonly #options: GuestOptions;
  readonly #signal: AbortSignal;
  readonly #clock: World["clock"];
  readonly #client: Client;
  /** The one that is right first, as far as is known. */
  #passwords: string[];
  #passwordCount = 1;
  #listeners = new Set<(notice: Notice | null) => void>();
  #isUnreachable = false;
  #hasMatchStarted = false;
  #isMatchOver = true;

  constructor(options: GuestOptions, name: string, signal: AbortSignal) {
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
        onChange: () => this.#tell(null),
        onUnreachable: () => {
          this.#isUnreachable = true;
          this.#tell(null);
        },
      },
    );
    const onOver = () => {
      this.#isMatchOver = true;
      this.#tell(null);
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
    this.#options.tables.rise(this);
    this.player.drop();
    return this.#client.leave();
  }

  async play(): Promise<boolean> {
    if (!(await this.#isLoggedIn())) return false;
    this.#hasMatchStarted = false;
    this.#isMatchOver = false;
    this.#options.tables.sit(this);
    const isUseless = () => this.#signal.aborted && !this.#hasMatchStarted;
    await this.#until(() => this.#isMatchOver || isUseless());
    const hasWaitedInVain = this.#options.tables.rise(this);
    this.player.drop();
    return this.#isMatchOver || hasWaitedInVain;
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
    // Who plays on, by what the server knows, cannot leave.
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

  /** Still, or again. */
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

  /** Asks when the server is there; the code, when it is refused. */
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
    this.#tell(notice);
  }

  #tell(notice: Notice | null): void {
    for (const listener of [...this.#listeners]) listener(notice);
  }

  /** False when it is not so in time. */
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
