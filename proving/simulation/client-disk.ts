// What a player's machine keeps of its clients, one at a time: as the state folder does, without the folder.
import { type KeptSession, keptText, readKept } from "../../src/client/disk/kept-text.ts";
import { type Kept, nothingKept } from "../../src/client/session/kept.ts";
import type { Keeper } from "../../src/client/world.ts";
import { isSameUser } from "../../src/game/user-name.ts";
import type { VirtualProcess } from "./virtual-process.ts";

export class ClientDisk {
  isBroken = false;
  /** Of all actions that ever were here. */
  readonly pastSignatures = new Set<string>();
  readonly #sessions = new Map<number, Kept>();
  #lastId = 0;

  get isEmptyOfMatches(): boolean {
    return [...this.#sessions.values()].every(({ matches }) => matches.length === 0);
  }

  /** The logins that can go on. */
  get free(): number[] {
    return [...this.#sessions].filter(([, { login }]) => login !== null).map(([id]) => id);
  }

  /** `id` is the session that goes on; null for a new one. `onWrite` hears of each before and after it is done. */
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

  /** Through the text of the file, which is what is really there. */
  #read(id: number): Kept {
    const session: KeptSession | undefined = this.#sessions.has(id)
      ? { server: "", loggedInAtMs: 0, ...(this.#sessions.get(id) as Kept) }
      : undefined;
    return (session && readKept(keptText(session))) ?? nothingKept;
  }
}
