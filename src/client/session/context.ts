// What the parts of a session share: who is logged in, how to ask for effects, and timers.
import type { Signer, Verify } from "../../game/signature.ts";
import type { ControlFromClient } from "../../protocol/messages.ts";
import type { Effect } from "./event.ts";
import type { Notice } from "./notice.ts";

export interface Identity {
  user: string;
  token: string;
  /** Of `signer`, so that it can be kept. */
  privateKey: string;
  /** Signs the matches of this login. */
  signer: Signer;
  /** It comes from an earlier run of the program; nobody has typed a password in this one. */
  isFromBefore: boolean;
}

export interface SessionWorld {
  newPrivateKey(): string;
  signer(privateKey: string): Signer;
  verify: Verify;
}

export class SessionContext {
  readonly world: SessionWorld;
  identity: Identity | null = null;
  /** The server can be asked, as the user that is logged in. */
  isOnline = false;
  /** What the server signs tickets with; known once a secure request was answered. */
  ticketKey: string | null = null;
  #effects: Effect[] = [];
  readonly #timers = new Map<number, () => void>();
  #lastTimer = 0;

  constructor(world: SessionWorld) {
    this.world = world;
  }

  emit(effect: Effect): void {
    this.#effects.push(effect);
  }

  say(notice: Notice): void {
    this.emit({ kind: "say", notice });
  }

  send(message: ControlFromClient): void {
    this.emit({ kind: "send", message });
  }

  /** Runs `run` later, unless the function that it returns is called before. */
  after(delayMs: number, run: () => void): () => void {
    const id = ++this.#lastTimer;
    this.#timers.set(id, run);
    this.emit({ kind: "start-timer", id, delayMs });
    return () => this.#timers.delete(id);
  }

  runTimer(id: number): void {
    const run = this.#timers.get(id);
    this.#timers.delete(id);
    run?.();
  }

  takeEffects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
