// Accounts and the login of this client: everything that goes over TLS (docs/PROTOCOL.md §2).
import type { Signer } from "../../game/signature.ts";
import type { ErrorMessage } from "../../protocol/codec.ts";
import type { Command } from "../command.ts";
import type { SessionContext } from "./context.ts";
import type { SecureAnswer, SecureRequest } from "./event.ts";
import type { Notice } from "./notice.ts";

const RESUME_AGAIN_MS = 2_000;

export class Account {
  readonly #context: SessionContext;
  readonly #onLoggedIn: () => void;
  /** Of the login that is under way. */
  #signer: Signer | null = null;
  #unansweredCount = 0;

  constructor(context: SessionContext, onLoggedIn: () => void) {
    this.#context = context;
    this.#onLoggedIn = onLoggedIn;
  }

  get isWaiting(): boolean {
    return this.#unansweredCount > 0;
  }

  run(command: Extract<Command, { name: "adduser" | "login" | "passwd" }>): void {
    if (command.name !== "login") {
      this.#ask(command);
      return;
    }
    this.#signer = this.#context.world.newSigner();
    this.#ask({ ...command, publicKey: this.#signer.publicKey });
  }

  /** The server is there again: whoever was logged in comes back without a password (§6). */
  resume(): void {
    const { identity } = this.#context;
    if (!identity) return;
    this.#ask({ name: "resume", token: identity.token, publicKey: identity.signer.publicKey });
  }

  answered(request: SecureRequest, answer: SecureAnswer, ticketKey: string): void {
    this.#unansweredCount -= 1;
    this.#context.ticketKey = ticketKey;
    switch (answer.name) {
      case "adduserACK":
        this.#context.say({ kind: "user-created", user: answer.user });
        break;
      case "passwdACK":
        this.#context.say({ kind: "password-changed" });
        break;
      case "loginACK":
        if (this.#signer) this.#enter(answer.user, answer.token, this.#signer);
        this.#context.say({ kind: "logged-in", user: answer.user });
        this.#onLoggedIn();
        break;
      case "resumeACK":
        if (this.#context.identity) this.#enter(answer.user, answer.token, this.#context.identity.signer);
        this.#context.say({ kind: "server-back" });
        this.#onLoggedIn();
        break;
      case "error":
        this.#refused(request, answer);
    }
  }

  notAnswered(request: SecureRequest, notice: Notice | null): void {
    this.#unansweredCount -= 1;
    if (notice) this.#context.say(notice);
    if (notice && request.name === "resume") this.#resumeIn(RESUME_AGAIN_MS);
  }

  #ask(request: SecureRequest): void {
    this.#unansweredCount += 1;
    this.#context.emit({ kind: "ask-securely", request });
  }

  #enter(user: string, token: string, signer: Signer): void {
    this.#context.identity = { user, token, signer };
    this.#context.isOnline = true;
  }

  #refused(request: SecureRequest, { code, seconds, text }: ErrorMessage): void {
    if (request.name !== "resume") {
      const user = "user" in request ? { user: request.user } : {};
      const refusal = { request: request.name, code, text, ...user };
      this.#context.say({
        kind: "server-refused",
        ...refusal,
        ...(seconds === undefined ? {} : { seconds }),
      });
    } else if (code === "TRY_LATER") {
      this.#resumeIn((seconds ?? 1) * 1_000);
    } else {
      this.#context.identity = null;
      this.#context.isOnline = true;
      this.#context.say({ kind: "session-ended" });
    }
  }

  #resumeIn(delayMs: number): void {
    this.#context.after(delayMs, () => {
      if (!this.#context.isOnline && !this.isWaiting) this.resume();
    });
  }
}
