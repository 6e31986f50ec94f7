// Accounts and the login of this client: everything that goes over TLS (docs/PROTOCOL.md §2).
import type { ErrorMessage } from "../../protocol/codec.ts";
import type { Command } from "../commands.ts";
import type { SessionContext } from "./context.ts";
import type { SecureAnswer, SecureRequest } from "./event.ts";
import type { KeptLogin } from "./kept.ts";
import type { Notice } from "./notice.ts";

const RESUME_AGAIN_MS = 2_000;

type LoginCommand = Extract<Command, { name: "login" }>;

export class Account {
  readonly #context: SessionContext;
  readonly #onLoggedIn: () => void;
  readonly #logOut: () => void;
  /** The private key of the last login that was requested; null before the first. */
  #loginKey: string | null = null;
  /** Waits until the login of an earlier run is logged out. */
  #nextLogin: LoginCommand | null = null;
  #hasResumed = false;
  #isFailureReported = false;
  /** A `resume` is on its way. */
  #isResuming = false;
  #unansweredCount = 0;

  constructor(context: SessionContext, onLoggedIn: () => void, logOut: () => void) {
    this.#context = context;
    this.#onLoggedIn = onLoggedIn;
    this.#logOut = logOut;
  }

  get isWaiting(): boolean {
    return this.#unansweredCount > 0;
  }

  run(command: LoginCommand | Extract<Command, { name: "adduser" | "passwd" }>): void {
    if (command.name !== "login") {
      this.#ask(command);
      return;
    }
    const { world } = this.#context;
    const privateKey = world.newPrivateKey();
    this.#loginKey = privateKey;
    this.#ask({ ...command, publicKey: world.signer(privateKey).publicKey });
  }

  /** The logout was refused, or will not be answered. */
  staysLoggedIn(): void {
    this.#nextLogin = null;
  }

  loggedOut(): void {
    this.#context.identity = null;
    this.#context.say({ kind: "logged-out" });
    const login = this.#nextLogin;
    this.#nextLogin = null;
    if (login) this.run(login);
  }

  /** The login of an earlier run; the server has still to confirm it. */
  restore({ user, token, privateKey }: KeptLogin): void {
    const signer = this.#context.world.signer(privateKey);
    this.#context.identity = { user, token, privateKey, signer, isFromBefore: true };
  }

  /** The server is back: the logged-in user resumes without a password (§6). */
  resume(): void {
    const { identity } = this.#context;
    if (!identity || this.#isResuming) return;
    this.#isResuming = true;
    this.#ask({ name: "resume", token: identity.token, publicKey: identity.signer.publicKey });
  }

  answered(request: SecureRequest, answer: SecureAnswer, ticketKey: string): void {
    this.#noLongerAsked(request);
    this.#context.ticketKey = ticketKey;
    this.#isFailureReported = false;
    switch (answer.name) {
      case "adduserACK":
        this.#context.say({ kind: "user-created", user: answer.user });
        break;
      case "passwdACK":
        this.#context.say({ kind: "password-changed" });
        break;
      case "loginACK":
        this.#enter(answer.user, answer.token);
        this.#context.say({ kind: "logged-in", user: answer.user });
        this.#context.emit({ kind: "recall", user: answer.user });
        this.#onLoggedIn();
        break;
      case "resumeACK":
        this.#resumed(answer.user);
        this.#onLoggedIn();
        break;
      case "error":
        this.#refused(request, answer);
    }
  }

  notAnswered(request: SecureRequest, notice: Notice | null): void {
    this.#noLongerAsked(request);
    if (!notice) return;
    if (request.name === "resume") this.#notResumed(notice);
    else this.#context.say(notice);
  }

  /** A server that cannot be reached is asked again, with one notice; one with a wrong certificate is not. */
  #notResumed(notice: Notice): void {
    if (notice.kind !== "secure-failed" || !this.#isFailureReported) this.#context.say(notice);
    if (notice.kind === "secure-failed") {
      this.#isFailureReported = true;
      this.#resumeIn(RESUME_AGAIN_MS);
    } else {
      this.#context.identity = null;
      this.#context.isOnline = true;
    }
  }

  #ask(request: SecureRequest): void {
    this.#unansweredCount += 1;
    this.#context.emit({ kind: "ask-securely", request });
  }

  #noLongerAsked(request: SecureRequest): void {
    this.#unansweredCount -= 1;
    if (request.name === "resume") this.#isResuming = false;
  }

  #enter(user: string, token: string): void {
    const privateKey = this.#loginKey;
    if (privateKey === null) throw new Error("a login was answered that was never requested");
    const signer = this.#context.world.signer(privateKey);
    this.#context.identity = { user, token, privateKey, signer, isFromBefore: false };
    this.#context.isOnline = true;
  }

  /** The token is the one that was sent (§2), so the identity stays as it is. */
  #resumed(user: string): void {
    this.#context.isOnline = true;
    const isFirst = this.#context.identity?.isFromBefore && !this.#hasResumed;
    this.#hasResumed = true;
    this.#context.say(isFirst ? { kind: "resumed", user } : { kind: "server-back" });
    // The run that logged in may have been killed before it could ask.
    if (isFirst) this.#context.emit({ kind: "recall", user });
  }

  #refused(request: SecureRequest, { code, seconds, text }: ErrorMessage): void {
    if (request.name === "login" && code === "ALREADY_LOGGED_IN" && this.#context.identity) {
      // The server found its password right (§2), so this login replaces the previous one.
      this.#nextLogin = { name: "login", user: request.user, password: request.password };
      this.#logOut();
    } else if (request.name !== "resume") {
      const user = "user" in request ? request.user : undefined;
      this.#context.say({ kind: "server-refused", request: request.name, code, text, seconds, user });
      // The answer to an earlier login was lost, and the token with it: only on a new connection can one log in.
      const isStuck = request.name === "login" && code === "ALREADY_LOGGED_IN";
      if (isStuck) this.#context.send({ name: "exit" });
    } else if (code === "TRY_LATER") {
      this.#resumeIn((seconds ?? 1) * 1_000);
    } else if (code === "ALREADY_LOGGED_IN" && this.#context.identity) {
      // By an earlier `resume` on this connection, whose answer was lost.
      this.#resumed(this.#context.identity.user);
      this.#onLoggedIn();
    } else {
      const { identity } = this.#context;
      const isOld = identity?.isFromBefore && !this.#hasResumed;
      this.#context.identity = null;
      this.#context.isOnline = true;
      this.#context.say({ kind: "session-ended", user: isOld ? identity.user : undefined });
    }
  }

  #resumeIn(delayMs: number): void {
    this.#context.after(delayMs, () => {
      if (!this.#context.isOnline && !this.isWaiting) this.resume();
    });
  }
}
