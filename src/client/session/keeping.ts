// Makes sure that a change in a session is saved before any of its effects is carried out.
import type { Identity, SessionContext } from "./context.ts";
import type { Effect } from "./event.ts";
import type { Kept, KeptMatch } from "./kept.ts";
import { type Match, matchIdOf } from "./match-play.ts";

export interface KeptPart {
  match: Match;
  isLeft: boolean;
}

/** What a match does not contain itself. */
export type Seat = Pick<KeptMatch, "privateKey" | "ticketKey" | "meeting">;

export class Keeping {
  readonly #context: SessionContext;
  readonly #seats = new Map<string, Seat>();
  #login: Identity | null = null;
  #parts: readonly KeptPart[] = [];
  /** The disk lacks the latest state. */
  #isBehind = false;
  #isReported = false;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  seat(match: Match, { privateKey, ticketKey, meeting }: Seat): void {
    this.#seats.set(matchIdOf(match), { privateKey, ticketKey, meeting });
  }

  /** This player has played the match, in this run or in an earlier one whose result was pending. */
  hasSeat(match: Match): boolean {
    return this.#seats.has(matchIdOf(match));
  }

  /** The disk has this state already. */
  holds(parts: readonly KeptPart[]): void {
    this.#login = this.#context.identity;
    this.#parts = parts;
  }

  /** The effect that keeps the session as it is now; null when nothing has changed. */
  effect(parts: readonly KeptPart[], isRetry: boolean): Effect | null {
    const isSame =
      this.#login === this.#context.identity &&
      this.#parts.length === parts.length &&
      this.#parts.every(
        ({ match, isLeft }, index) => match === parts[index]?.match && isLeft === parts[index].isLeft,
      );
    if (isSame && !(isRetry && this.#isBehind)) return null;
    this.#login = this.#context.identity;
    this.#parts = parts;
    return { kind: "keep", kept: this.#kept() };
  }

  kept(): void {
    this.#isBehind = false;
    this.#isReported = false;
  }

  /** Told once, until keeping works again. */
  notKept(reason: string): void {
    this.#isBehind = true;
    if (!this.#isReported) this.#context.say({ kind: "not-kept", reason });
    this.#isReported = true;
  }

  #kept(): Kept {
    const { identity } = this.#context;
    const login = identity && {
      user: identity.user,
      token: identity.token,
      privateKey: identity.privateKey,
    };
    return { login, matches: this.#parts.flatMap((part) => this.#keptMatch(part)) };
  }

  #keptMatch({ match, isLeft }: KeptPart): KeptMatch[] {
    const seat = this.#seats.get(matchIdOf(match));
    if (!seat) return [];
    const { ticketText, actions } = match.transcript;
    return [{ self: match.self, ticket: ticketText, ...seat, isLeft, actions }];
  }
}
