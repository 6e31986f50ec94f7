// Accounts and passwords (docs/PROTOCOL.md §1, §2): register, log in, resume, change the password.
import { isUserName } from "../../game/user-name.ts";
import type { GrowthLimits } from "../growth-limits.ts";
import type { Account, Store } from "../store/store.ts";
import { type Refusal, tryLaterOnStoreTrouble } from "../store/try-later.ts";
import type { AttemptLimits } from "./attempt-limits.ts";
import type { Hasher } from "./password-hasher.ts";
import { hashOfToken, type Sessions } from "./sessions.ts";

export interface AccountsOptions {
  store: Store;
  hasher: Hasher;
  sessions: Sessions;
  /** null for none. */
  limits: AttemptLimits | null;
  growth?: Pick<GrowthLimits, "login" | "account"> | null;
  /** In bytes of UTF-8. */
  minPasswordLength: number;
  /** Called with a new account, once it is on disk. */
  onRegistered?(user: string): void;
}

type Answer<T, Code extends string> = Promise<({ ok: true } & T) | Refusal<Code>>;

const MAX_PASSWORD_BYTES = 128;

export class Accounts {
  readonly #store: Store;
  readonly #hasher: Hasher;
  readonly #sessions: Sessions;
  readonly #limits: AttemptLimits | null;
  readonly #growth: Pick<GrowthLimits, "login" | "account"> | null;
  readonly #minPasswordLength: number;
  readonly #onRegistered: (user: string) => void;

  constructor({ store, hasher, sessions, limits, growth, minPasswordLength, onRegistered }: AccountsOptions) {
    this.#store = store;
    this.#hasher = hasher;
    this.#sessions = sessions;
    this.#limits = limits;
    this.#growth = growth ?? null;
    this.#minPasswordLength = minPasswordLength;
    this.#onRegistered = onRegistered ?? (() => {});
  }

  register(
    user: string,
    password: string,
    address: string,
  ): Answer<{ user: string }, "USER_EXISTS" | "BAD_NAME" | "BAD_PASSWORD"> {
    return tryLaterOnStoreTrouble(async () => {
      const seconds = this.#limits?.addUser(address) ?? null;
      if (seconds !== null) return { ok: false, code: "TRY_LATER", seconds };
      if (!isUserName(user)) return { ok: false, code: "BAD_NAME" };
      if (await this.#store.findAccount(user)) return { ok: false, code: "USER_EXISTS" };
      if (!this.#isAcceptable(password)) return { ok: false, code: "BAD_PASSWORD" };
      const growthSeconds = this.#growth?.account(address) ?? null;
      if (growthSeconds !== null) return { ok: false, code: "TRY_LATER", seconds: growthSeconds };
      const hashed = await this.#hasher.hash(password);
      if (!hashed.ok) return hashed;
      // Another client may have registered the name while the hash was computed.
      const isAdded = await this.#store.addAccount({ user, passwordHash: hashed.value, points: 0 });
      if (!isAdded) return { ok: false, code: "USER_EXISTS" };
      this.#onRegistered(user);
      return { ok: true, user };
    });
  }

  /** A new token for the user; the older one is revoked. */
  login(
    user: string,
    password: string,
    address: string,
  ): Answer<{ user: string; token: string }, "BAD_CREDENTIALS" | "BANNED"> {
    return tryLaterOnStoreTrouble(async () => {
      const checked = await this.checkPassword(user, password, address);
      if (!checked.ok) return checked;
      const seconds = this.#growth?.login(user) ?? null;
      if (seconds !== null) return { ok: false, code: "TRY_LATER", seconds };
      const token = await this.#sessions.start(checked);
      if (token !== null) return { ok: true, user: checked.user, token };
      // Only whoever knows the password is told. A login with the old one while a new one is being set fails too.
      const overview = await this.#store.accountOverview(checked.user);
      return { ok: false, code: overview?.standing === "banned" ? "BANNED" : "BAD_CREDENTIALS" };
    });
  }

  /** As login, but starts no session. */
  checkPassword(user: string, password: string, address: string): Answer<Account, "BAD_CREDENTIALS"> {
    return tryLaterOnStoreTrouble(async () => {
      const attempt = this.#limits?.tryPassword(user, address) ?? { ok: true, end: () => {} };
      if (!attempt.ok) return { ok: false, code: "TRY_LATER", seconds: attempt.seconds };
      let hasFailed = false;
      try {
        // An impossible name is not looked up, but takes as long as an unknown one.
        const account = isUserName(user) ? await this.#store.findAccount(user) : null;
        const verified = await this.#hasher.verify(account?.passwordHash ?? null, password);
        if (!verified.ok) return verified;
        if (account && verified.value) return { ok: true, ...account };
        hasFailed = true;
        return { ok: false, code: "BAD_CREDENTIALS" };
      } finally {
        attempt.end(hasFailed);
      }
    });
  }

  /** The user of the token, which stays valid. */
  resume(token: string): Answer<{ user: string; token: string }, "BAD_TOKEN"> {
    return tryLaterOnStoreTrouble(async () => {
      const user = await this.#sessions.userOf(token);
      if (user === null) return { ok: false, code: "BAD_TOKEN" };
      const seconds = this.#growth?.login(user) ?? null;
      return seconds === null ? { ok: true, user, token } : { ok: false, code: "TRY_LATER", seconds };
    });
  }

  /** Ends all sessions of the user except that of `token`; NOT_LOGGED_IN when that one has ended meanwhile. */
  changePassword(change: {
    user: string;
    token: string;
    oldPassword: string;
    newPassword: string;
    address: string;
  }): Answer<unknown, "BAD_CREDENTIALS" | "SAME_PASSWORD" | "BAD_PASSWORD" | "NOT_LOGGED_IN"> {
    return tryLaterOnStoreTrouble(async () => {
      const { user, token, oldPassword, newPassword, address } = change;
      const checked = await this.checkPassword(user, oldPassword, address);
      if (!checked.ok) return checked;
      if (newPassword === oldPassword) return { ok: false, code: "SAME_PASSWORD" };
      if (!this.#isAcceptable(newPassword)) return { ok: false, code: "BAD_PASSWORD" };
      const hashed = await this.#hasher.hash(newPassword);
      if (!hashed.ok) return hashed;
      const isChanged = await this.#store.changePassword(user, hashed.value, hashOfToken(token));
      return isChanged ? { ok: true } : { ok: false, code: "NOT_LOGGED_IN" };
    });
  }

  revoke(token: string): Answer<unknown, never> {
    return tryLaterOnStoreTrouble(async () => {
      await this.#sessions.end(token);
      return { ok: true };
    });
  }

  #isAcceptable(password: string): boolean {
    const bytes = Buffer.byteLength(password, "utf8");
    return bytes >= this.#minPasswordLength && bytes <= MAX_PASSWORD_BYTES && !/\p{Cc}/u.test(password);
  }
}
