// argon2id off the event loop's thread: at most as many hashes at a time as cores, behind a bounded queue.
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import type { TryLater } from "../store/try-later.ts";

export const DEFAULT_HASH_QUEUE = 1_000;

export interface PasswordHasherOptions {
  concurrency?: number;
  /** With this many waiting, further ones are refused at once. */
  maxWaiting?: number;
}

export type Hashed<T> = { ok: true; value: T } | TryLater;

export interface Hasher {
  hash(password: string): Promise<Hashed<string>>;
  /** Whether the password matches. Without a hash it never does, but takes the same time. */
  verify(passwordHash: string | null, password: string): Promise<Hashed<boolean>>;
}

/** argon2id is the library's default. 19 MiB, two passes: what OWASP recommends; 11–15 ms of a core. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Until the first one has been measured. */
const EXPECTED_HASH_MS = 15;
/** The weight of the newest measurement. */
const NEWEST_SHARE = 0.1;

export class PasswordHasher implements Hasher {
  readonly #concurrency: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** What one takes on this machine, as busy as it is. */
  #meanHashMs = EXPECTED_HASH_MS;
  /** The hash of a random password, verified for unknown users so that they take as long. */
  readonly #decoyHash = hash(randomBytes(16), cost);

  constructor({
    concurrency = availableParallelism(),
    maxWaiting = DEFAULT_HASH_QUEUE,
  }: PasswordHasherOptions = {}) {
    this.#concurrency = concurrency;
    this.#maxWaiting = maxWaiting;
  }

  hash(password: string): Promise<Hashed<string>> {
    return this.#queued(() => hash(password, cost));
  }

  verify(passwordHash: string | null, password: string): Promise<Hashed<boolean>> {
    return this.#queued(async () => {
      const isRight = await verify(passwordHash ?? (await this.#decoyHash), password);
      return isRight && passwordHash !== null;
    });
  }

  async #queued<T>(work: () => Promise<T>): Promise<Hashed<T>> {
    if (this.#waiting.length >= this.#maxWaiting) {
      const waitMs = (this.#waiting.length * this.#meanHashMs) / this.#concurrency;
      const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
      return { ok: false, code: "TRY_LATER", seconds };
    }
    if (this.#running >= this.#concurrency) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#running++;
    const startMs = performance.now();
    try {
      return { ok: true, value: await work() };
    } finally {
      this.#meanHashMs += NEWEST_SHARE * (performance.now() - startMs - this.#meanHashMs);
      // The permit passes to whoever has waited longest.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
