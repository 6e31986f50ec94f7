// The disk of a player's machine: it keeps the sessions of its clients, as the state folder does.
import { type KeptSession, keptText, readKept } from "../../src/client/disk/kept-text.ts";
import { type Kept, nothingKept } from "../../src/client/session/kept.ts";
import type { Keeper } from "../../src/client/world.ts";
import { isSameUser } from "../../src/game/user-name.ts";
import type { VirtualProcess } from "./virtual-process.ts";

export class ClientDisk {
  isBroken = false;
  /** The signatures of all actions that were ever written. */
  readonly pastSignatures = new Set<string>();
  readonly #sessions = new Map<number, Kept>();
  #lastId = 0;

  get isEmptyOfMatches(): boolean {
    return [...this.#sessions.values()].every(({ matches }) => matches.length === 0);
  }

  /** The sessions that can be continued. */
  get free(): number[] {
    return [...this.#sessions].filter(([, { login }]) => login !== null).map(([id]) => id);
  }

  /** `id`: the session to continue, null for a new one. `onWrite` is called before and after each write. */
  open(
    process: VirtualProcess,
    id: number | null,
    onWrite: (moment: "before-write" | "after-write") => void,
  ): { kept: Kept; keeper: Keeper } {
    const own = id ?? ++this.#lastId;
    let recalled: number[] = [];
    const keep = (kept: Kept) => {
      onWrite("before-write");
      if (!process.isAlive) return;
      if (this.isBroken) throw new Error("the disk is full");
      this.#write(own, kept);
      for (const other of recalled) this.#sessions.delete(other);
      recalled = [];
      onWrite("after-write");
    };
    const recall = (user: string) => {
      const others = [...this.#sessions].filter(([other]) => other !== own && !recalled.includes(other));
      const mine = others.filter(([, { login, matches }]) =>
        isSameUser(login?.user ?? matches[0]?.self ?? "", user),
      );
      recalled.push(...mine.map(([other]) => other));
      return mine.flatMap(([other]) => this.#read(other).matches);
    };
    return { kept: this.#read(own), keeper: { keep, recall, release: () => {} } };
  }

  #write(id: number, kept: Kept): void {
    if (kept.login || kept.matches.length > 0) this.#sessions.set(id, kept);
    else this.#sessions.delete(id);
    for (const { actions } of kept.matches)
      for (const { signature } of actions) this.pastSignatures.add(signature);
  }

  /** Through the text of the file, so that its format is tested too. */
  #read(id: number): Kept {
    const session: KeptSession | undefined = this.#sessions.has(id)
      ? { server: "", loggedInAtMs: 0, ...(this.#sessions.get(id) as Kept) }
      : undefined;
    return (session && readKept(keptText(session))) ?? nothingKept;
  }
}
