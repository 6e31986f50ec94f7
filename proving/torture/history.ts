// What was asked of the server and what became of it, in the order of each user's asking: the other half of the proof
// that nothing is lost. Whoever asks has one client at a time, which asks for one thing after another.
import type { Outcome } from "../../src/protocol/fields.ts";

export type Asked =
  | { kind: "adduser"; password: string }
  | { kind: "login"; password: string }
  | { kind: "resume"; token: string }
  | { kind: "passwd"; oldPassword: string; newPassword: string }
  | { kind: "logout" }
  | { kind: "answer"; inviter: string }
  | { kind: "result"; matchId: string };

/** `unknown`: sent, perhaps, and never answered. */
export type Fate =
  | { kind: "unknown" }
  /** `token` is what `login` and `resume` give. */
  | { kind: "acknowledged"; token?: string }
  | { kind: "refused"; code: string };

export interface Request {
  readonly user: string;
  readonly asked: Asked;
  fate: Fate;
}

/** What the server said of a match, in a `resultACK` or unasked. */
export interface ToldOutcome {
  readonly user: string;
  readonly matchId: string;
  readonly outcome: Outcome;
  readonly points: number;
}

export class History {
  readonly requests: Request[] = [];
  /** Matches whose ticket came, by id: they are on disk. */
  readonly tickets = new Set<string>();
  readonly outcomes: ToldOutcome[] = [];

  ask(user: string, asked: Asked): Request {
    const request: Request = { user, asked, fate: { kind: "unknown" } };
    this.requests.push(request);
    return request;
  }
}
