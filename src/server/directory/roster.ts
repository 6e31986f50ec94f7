// Who is logged in and whether they play, in order of name, as `list` answers it (docs/PROTOCOL.md §4).
// A line is made on the first request after a change, so the cost of a request does not grow with the number of users.
import { userKey } from "../../game/user-name.ts";
import { PAGE_LENGTH, presence } from "../../protocol/fields.ts";
import { positionOf } from "../sorted-by-key.ts";

interface Entry {
  readonly key: string;
  readonly user: string;
  readonly isPlaying: boolean;
}

export class Roster {
  /** By key, in the byte order of the lower-case names. */
  readonly #entries: Entry[] = [];
  /** Cached lines by offset, for multiples of the page length only, so that clients cannot grow the cache. */
  readonly #lines = new Map<number, string>();

  set(user: string, isPlaying: boolean): void {
    const known = this.#find(user);
    if (known?.user === user && known.isPlaying === isPlaying) return;
    const key = userKey(user);
    this.#entries.splice(positionOf(this.#entries, key), known ? 1 : 0, { key, user, isPlaying });
    this.#lines.clear();
  }

  remove(user: string): void {
    const entry = this.#find(user);
    if (!entry) return;
    this.#entries.splice(positionOf(this.#entries, entry.key), 1);
    this.#lines.clear();
  }

  /** The `listACK` line with at most 1,000 users from `offset` on. */
  line(offset: number): string {
    const kept = this.#lines.get(offset);
    if (kept !== undefined) return kept;
    const page = this.#entries.slice(offset, offset + PAGE_LENGTH);
    const line = ["listACK", ...page.map(presence.write)].join(";");
    if (offset % PAGE_LENGTH === 0 && page.length > 0) this.#lines.set(offset, line);
    return line;
  }

  #find(user: string): Entry | undefined {
    const key = userKey(user);
    const entry = this.#entries[positionOf(this.#entries, key)];
    return entry?.key === key ? entry : undefined;
  }
}
