// Saves one client's session in the state folder, and finds sessions that earlier clients left there.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isSameUser } from "../../game/user-name.ts";
import type { Kept, KeptMatch } from "../session/kept.ts";
import type { Keeper } from "../world.ts";
import { Claim } from "./claim.ts";
import { removeDurably, writeDurably } from "./durable-file.ts";
import { type KeptSession, keptText, readKept } from "./kept-text.ts";

/** How long the server accepts a token (docs/PROTOCOL.md §2). */
const TOKEN_LIFE_MS = 24 * 60 * 60 * 1_000;
const SUFFIX = ".json";

/** A saved login that no client uses. */
export interface FreeSession {
  id: string;
  user: string;
  hasMatch: boolean;
}

interface Place {
  id: string;
  claim: Claim;
}

export interface DiskKeeperOptions {
  folder: string;
  /** Host and main port: each server has its own sessions. */
  server: string;
  newId(): string;
  /** Since 1970. */
  nowMs(): number;
}

export class DiskKeeper implements Keeper {
  readonly #options: DiskKeeperOptions;
  #place: Place | null = null;
  /** Sessions whose matches were recalled; the next `keep` saves those matches here and deletes these. */
  #recalled: Place[] = [];
  /** Of the login that is kept; null when none is. */
  #token: string | null = null;
  #loggedInAtMs = 0;

  /** Throws when the folder is not usable. */
  constructor(options: DiskKeeperOptions) {
    this.#options = options;
    this.#makeFolder();
  }

  /** Sorted by user; expired ones are removed. */
  free(): FreeSession[] {
    const free = this.#ids().flatMap((id) => {
      if (Claim.isTaken(this.#options.folder, id)) return [];
      const session = this.#read(id);
      if (session?.login) return [{ id, user: session.login.user, hasMatch: session.matches.length > 0 }];
      const place = session?.matches.length === 0 ? this.#claim(id) : null;
      if (place) this.#remove(place);
      return [];
    });
    return free.sort((one, other) => one.user.localeCompare(other.user));
  }

  /** Claims that session for this client; null when another client was faster. */
  take(id: string): Kept | null {
    const found = this.#open(id);
    if (!found) return null;
    this.#place = found.place;
    const { login, matches, loggedInAtMs } = found.session;
    this.#token = login?.token ?? null;
    this.#loggedInAtMs = loggedInAtMs;
    return { login, matches };
  }

  keep(kept: Kept): void {
    const { server, nowMs } = this.#options;
    this.#makeFolder();
    const { id } = this.#ownPlace();
    if (kept.login && kept.login.token !== this.#token) {
      this.#token = kept.login.token;
      this.#loggedInAtMs = nowMs();
    }
    if (kept.login || kept.matches.length > 0)
      writeDurably(this.#file(id), keptText({ server, loggedInAtMs: this.#loggedInAtMs, ...kept }));
    else removeDurably(this.#file(id));
    for (const place of this.#recalled.splice(0)) this.#remove(place);
  }

  /** All or nothing: when the disk fails, it throws and every session stays where it was. */
  recall(user: string): readonly KeptMatch[] {
    try {
      return this.#ids().flatMap((id) => this.#recallFrom(id, user));
    } catch (error) {
      this.#releaseRecalled();
      throw error;
    }
  }

  release(): void {
    this.#releaseRecalled();
    this.#place?.claim.release();
    this.#place = null;
  }

  #recallFrom(id: string, user: string): readonly KeptMatch[] {
    const found = this.#open(id);
    if (!found) return [];
    const { place, session } = found;
    const owner = session.login?.user ?? session.matches[0]?.self;
    if (owner === undefined || !isSameUser(owner, user)) {
      place.claim.release();
      return [];
    }
    // Its token ended with the new login.
    if (session.matches.length === 0) this.#remove(place);
    else this.#recalled.push(place);
    return session.matches;
  }

  #releaseRecalled(): void {
    for (const { claim } of this.#recalled.splice(0)) claim.release();
  }

  /** Even if it has been removed meanwhile. */
  #makeFolder(): void {
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
  }

  #ownPlace(): Place {
    const id = this.#place?.id ?? this.#options.newId();
    this.#place ??= this.#claim(id);
    if (!this.#place) throw new Error(`${id} is in use by another client`);
    return this.#place;
  }

  #claim(id: string): Place | null {
    const claim = Claim.take(this.#options.folder, id);
    return claim && { id, claim };
  }

  /** Claims a session and reads it; ignores one that another client holds or that cannot be read. */
  #open(id: string): { place: Place; session: KeptSession } | null {
    const place = this.#claim(id);
    if (!place) return null;
    let session: KeptSession | null = null;
    try {
      session = this.#read(id);
    } finally {
      if (!session) place.claim.release();
    }
    return session && { place, session };
  }

  #remove({ id, claim }: Place): void {
    removeDurably(this.#file(id));
    claim.release();
  }

  #ids(): string[] {
    return readdirSync(this.#options.folder)
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => name.slice(0, -SUFFIX.length));
  }

  /** A session with this server, without a login that has expired. */
  #read(id: string): KeptSession | null {
    let text = "";
    try {
      text = readFileSync(this.#file(id), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    const session = readKept(text);
    if (!session || session.server !== this.#options.server) return null;
    const isExpired = this.#options.nowMs() - session.loggedInAtMs > TOKEN_LIFE_MS;
    return isExpired ? { ...session, login: null } : session;
  }

  #file(id: string): string {
    return join(this.#options.folder, `${id}${SUFFIX}`);
  }
}
