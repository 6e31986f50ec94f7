// What a crowd counts while it runs: how long commands took, and what went wrong, by code.
import type { Notice } from "../client/session/notice.ts";
import { Latencies, type OnLatency } from "./latencies.ts";

export class Tally {
  readonly latencies: Latencies;
  readonly #errors = new Map<string, number>();

  constructor(onLatency?: OnLatency) {
    this.latencies = new Latencies(onLatency);
  }

  countError(code: string): void {
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  /** Counts a client's notice if it reports a failure. */
  hear(notice: Notice): void {
    const code = badNews(notice);
    if (code !== null) this.countError(code);
  }

  get errors(): Record<string, number> {
    return Object.fromEntries([...this.#errors].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  get errorCount(): number {
    return [...this.#errors.values()].reduce((sum, count) => sum + count, 0);
  }
}

function badNews(notice: Notice): string | null {
  switch (notice.kind) {
    case "server-refused":
      // A name that is taken is not an error: the bot was here before.
      if (notice.code === "USER_EXISTS") return null;
      return `${notice.request} ${notice.code}`;
    case "out-of-place":
      return `${notice.command} ${notice.reason}`;
    case "illegal":
      return `send ${notice.code}`;
    case "result-refused":
      return `result ${notice.code}`;
    case "invitation-refused":
      return `begin ${notice.reason}`;
    case "invitation-ended":
      return `invite ${notice.reason}`;
    case "server-lost":
    case "server-given-up":
    case "replaced":
    case "session-ended":
    case "certificate-changed":
    case "certificate-expired":
    case "secure-failed":
    case "cannot-listen":
    case "bad-ticket":
    case "peer-lost":
    case "peer-gone":
    case "opponent-idle":
      return notice.kind;
    default:
      return null;
  }
}
