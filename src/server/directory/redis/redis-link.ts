// The connections to Redis: one for commands, one for subscriptions. Nothing waits long for Redis: a command that is not
// answered in time, or cannot be sent, gives null, and the caller continues without it until Redis is back.
import { createClient } from "redis";
import { scripts } from "./scripts.ts";

const COMMAND_LIMIT_MS = 1_000;
const RECONNECT_MS = 500;
/** A connection that is silent for this long is closed: commands are sent once a second. */
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
  readonly #commands: RedisClient;
  readonly #subscriptions: RedisClient;
  readonly #trouble: RedisTrouble;
  /** It answered the last command. */
  #isThere = true;
  #lastError = "it does not answer";
  readonly #onBack: (() => void)[] = [];

  private constructor(url: string, trouble: RedisTrouble) {
    this.#trouble = trouble;
    this.#commands = newClient(url);
    this.#subscriptions = this.#commands.duplicate();
    for (const client of [this.#commands, this.#subscriptions])
      client.on("error", (error: Error) => {
        this.#lastError = error.message || String(error);
      });
  }

  /** Succeeds even when there is no Redis yet: the connection is retried. */
  static async open(url: string, trouble: RedisTrouble): Promise<RedisLink> {
    const link = new RedisLink(url, trouble);
    const connected = Promise.all([link.#commands.connect(), link.#subscriptions.connect()]).catch(() => {});
    await within(COMMAND_LIMIT_MS, connected);
    if (!link.#commands.isReady) link.#isAway();
    return link;
  }

  get isThere(): boolean {
    return this.#isThere && this.#commands.isReady;
  }

  /** null: not answered. While Redis does not answer, only commands with `isProbe` are sent, to detect that it is back. */
  async run<T>(work: (client: RedisClient) => Promise<T>, { isProbe = false } = {}): Promise<T | null> {
    if (!this.#commands.isReady || !(this.#isThere || isProbe)) return this.#isAway();
    try {
      const answer = await within(COMMAND_LIMIT_MS, work(this.#commands));
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
      await this.#subscriptions.subscribe(channels, onMessage);
      isSubscribed = true;
    };
    // The client restores existing subscriptions before it is ready.
    this.#subscriptions.on("ready", async () => {
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
    for (const client of [this.#commands, this.#subscriptions]) client.destroy();
  }

  #isBack(): void {
    if (this.#isThere) return;
    this.#isThere = true;
    this.#trouble.onRecovered?.();
    for (const listener of this.#onBack) listener();
  }

  #isAway(): null {
    if (this.#isThere)
      this.#trouble.onTrouble?.(`Redis does not answer, and each server continues alone: ${this.#lastError}`);
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
