// `list` and `leaders`: asks page after page until the last (docs/PROTOCOL.md §4).
import { PAGE_LENGTH, type Presence, type Score } from "../../protocol/fields.ts";
import type { SessionContext } from "./context.ts";

export class Lookups {
  readonly #context: SessionContext;
  /** What came so far for each request under way, in their order. */
  #lists: Presence[][] = [];
  #boards: Score[][] = [];

  constructor(context: SessionContext) {
    this.#context = context;
  }

  get isWaiting(): boolean {
    return this.#lists.length + this.#boards.length > 0;
  }

  list(): void {
    this.#lists.push([]);
    this.#context.send({ name: "list" });
  }

  leaders(): void {
    this.#boards.push([]);
    this.#context.send({ name: "leaders" });
  }

  listed(page: Presence[]): void {
    const users = [...(this.#lists.shift() ?? []), ...page];
    if (page.length === PAGE_LENGTH) {
      this.#lists.push(users);
      this.#context.send({ name: "list", offset: users.length });
      return;
    }
    this.#context.say({ kind: "users", users, self: this.#context.identity?.user ?? null });
  }

  ranked(page: Score[]): void {
    const scores = [...(this.#boards.shift() ?? []), ...page];
    if (page.length === PAGE_LENGTH) {
      this.#boards.push(scores);
      this.#context.send({ name: "leaders", offset: scores.length });
      return;
    }
    this.#context.say({ kind: "leaders", scores, self: this.#context.identity?.user ?? null });
  }

  refused(request: string): void {
    if (request === "list") this.#lists.shift();
    else this.#boards.shift();
  }

  drop(): void {
    this.#lists = [];
    this.#boards = [];
  }
}
