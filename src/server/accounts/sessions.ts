// Session tokens, valid for a day in place of the password. Only their hashes are stored.
import { createHash } from "node:crypto";
import { toBase64url } from "../../game/base64url.ts";
import type { Clock } from "../../shared/clock/clock.ts";
import type { Account, Store } from "../store/store.ts";

export const TOKEN_BYTES = 32;
const VALID_MS = 24 * 60 * 60 * 1_000;

export class Sessions {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #random: (bytes: number) => Buffer;

  constructor(store: Store, clock: Clock, random: (bytes: number) => Buffer) {
    this.#store = store;
    this.#clock = clock;
    this.#random = random;
  }

  /** A new token; the user's older one becomes invalid. Null when the password was changed meanwhile. */
  async start({ user, passwordHash }: Account): Promise<string | null> {
    const token = toBase64url(this.#random(TOKEN_BYTES));
    const expiresAtMs = this.#clock.nowMs() + VALID_MS;
    const session = { user, tokenHash: hashOfToken(token), expiresAtMs };
    return (await this.#store.saveSession(session, passwordHash)) ? token : null;
  }

  /** Whose token it is, or null. */
  async userOf(token: string): Promise<string | null> {
    const session = await this.#store.findSession(hashOfToken(token));
    return session && session.expiresAtMs > this.#clock.nowMs() ? session.user : null;
  }

  end(token: string): Promise<void> {
    return this.#store.endSession(hashOfToken(token));
  }
}

export function hashOfToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
