// The way to Redis: one connection to ask, one to listen. Nothing waits long for it: a command that is not answered in
// time, or cannot be sent, is null, and whoever asked does without until Redis is back.
import { createClient } from "redis";
import { scripts } from "./scripts.ts";

const COMMAND_LIMIT_MS = 1_000;
const RECONNECT_MS = 500;
/** So long nothing may come: commands are sent once a second. */
const SILENCE_LIMIT_MS = 10_000;

function newClient(url: string) {
  return createClient({
    url,
    scripts,
    disableOfflineQueue: true,
    maintNotifications: "disabled",
    pingInterval: SILENCE_LIMIT_MS / 3,
    socket: {
      connectTimeout: COMMAND_LIMIT_MS,
      socketTimeout: SILENCE_LIMIT_MS,
      reconnectStrategy: () => RECONNECT_MS,
    },
  });
}

export type RedisClient = ReturnType<typeof newClient>;

export interface RedisTrouble {
  onTrouble?(reason: string): void;
  onRecovered?(): void;
}

export class RedisLink {
  readonly #asker: RedisClient;
  readonly #ear: RedisClient;
  readonly #trouble: RedisTrouble;
  /** It answered the last command, as far as is known. */
  #isThere = true;
  #lastError = "it does not answer";
  readonly #onBack: (() => void)[] = [];

  private constructor(url: string, trouble: RedisTrouble) {
    this.#trouble = trouble;
    this.#asker = newClient(url);
    this.#ear = this.#asker.duplicate();
    for (const client of [this.#asker, this.#ear])
      client.on("error", (error: Error) => {
        this.#lastError = error.message || String(error);
      });
  }

  /** Also when there is no Redis yet: it is tried on. */
  static async open(url: string, trouble: RedisTrouble): Promise<RedisLink> {
    const link = new RedisLink(url, trouble);
    const connected = Promise.all([link.#asker.connect(), link.#ear.connect()]).catch(() => {});
    await within(COMMAND_LIMIT_MS, connected);
    if (!link.#asker.isReady) link.#isAway();
    return link;
  }

  get isThere(): boolean {
    return this.#isThere && this.#asker.isReady;
  }

  /** null: not answered. While it is away only what `isProbe` is still sent, to find out whether it is back. */
  async run<T>(work: (client: RedisClient) => Promise<T>, { isProbe = false } = {}): Promise<T | null> {
    if (!this.#asker.isReady || !(this.#isThere || isProbe)) return this.#isAway();
    try {
      const answer = await within(COMMAND_LIMIT_MS, work(this.#asker));
      if (answer === undefined) return this.#isAway();
      this.#isBack();
      return answer.value;
    } catch (error) {
      this.#lastError = (error as Error).message;
      return this.#isAway();
    }
  }

  /** Calls `onGap` each time that messages may have been missed, once it listens again. */
  async listen(
    channels: string[],
    onMessage: (message: string, channel: string) => void,
    onGap: () => void,
  ): Promise<void> {
    let isSubscribed = false;
    const subscribe = async () => {
      await this.#ear.subscribe(channels, onMessage);
      isSubscribed = true;
    };
    // What was subscribed to once is subscribed to anew before it is ready.
    this.#ear.on("ready", async () => {
      if (!isSubscribed) await subscribe().catch(() => {});
      onGap();
    });
    await within(
      COMMAND_LIMIT_MS,
      subscribe().catch(() => {}),
    );
  }

  /** Calls `listener` each time that it answers again. */
  onBack(listener: () => void): void {
    this.#onBack.push(listener);
  }

  close(): void {
    for (const client of [this.#asker, this.#ear]) client.destroy();
  }

  #isBack(): void {
    if (this.#isThere) return;
    this.#isThere = true;
    this.#trouble.onRecovered?.();
    for (const listener of this.#onBack) listener();
  }

  #isAway(): null {
    if (this.#isThere)
      this.#trouble.onTrouble?.(`Redis is away, each server goes on for itself: ${this.#lastError}`);
    this.#isThere = false;
    return null;
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<{ value: T } | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  work.catch(() => {});
  try {
    return await Promise.race([work.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}
