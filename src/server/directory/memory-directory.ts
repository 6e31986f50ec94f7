// The directory of a server that is alone: all who are connected are connected here.
import type { Player } from "../lobby/lobby-effects.ts";
import type { Directory } from "./directory.ts";
import { Roster } from "./roster.ts";

export class MemoryDirectory implements Directory {
  readonly #roster = new Roster();

  present({ user }: Player, isPlaying: boolean): void {
    this.#roster.set(user, isPlaying);
  }

  absent({ user }: Player): void {
    this.#roster.remove(user);
  }

  page(offset: number): string {
    return this.#roster.line(offset);
  }
}
