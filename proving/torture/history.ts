// Every request to the server and what became of it, in the order of each user's requests: one half of the proof that
// nothing is lost, beside the store. Each user has one client at a time, which sends one request after another.
import type { Outcome } from "../../src/protocol/fields.ts";

export type RequestDetails =
  | { kind: "adduser"; password: string }
  | { kind: "login"; password: string }
  | { kind: "resume"; token: string }
  | { kind: "passwd"; oldPassword: string; newPassword: string }
  | { kind: "logout" }
  | { kind: "answer"; inviter: string }
  | { kind: "result"; matchId: string };

export type RequestKind = RequestDetails["kind"];

/** `unknown`: perhaps sent, and never answered. */
export type RequestOutcome =
  | { kind: "unknown" }
  /** `token`: what `login` and `resume` return. */
  | { kind: "acknowledged"; token?: string | undefined }
  | { kind: "refused"; code: string };

export interface Request {
  readonly user: string;
  readonly details: RequestDetails;
  outcome: RequestOutcome;
}

/** The outcome of a match as the server reported it, in a `resultACK` or in `settled`. */
export interface ReportedOutcome {
  readonly user: string;
  readonly matchId: string;
  readonly outcome: Outcome;
  readonly points: number;
}

export class History {
  readonly requests: Request[] = [];
  /** Ids of the matches whose ticket arrived: they are on disk. */
  readonly tickets = new Set<string>();
  readonly outcomes: ReportedOutcome[] = [];

  add(user: string, details: RequestDetails): Request {
    const request: Request = { user, details, outcome: { kind: "unknown" } };
    this.requests.push(request);
    return request;
  }
}
