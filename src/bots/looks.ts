// One client's requests for `list` and `leaders` at their planned times, whether or not earlier ones are
// answered. Each is timed from its planned time, so a slow server cannot hide its own delays.
import type { Client } from "../client/client.ts";
import type { Notice } from "../client/session/notice.ts";
import type { Clock } from "../shared/clock/clock.ts";
import type { PlannedLook } from "./schedule.ts";
import type { Tally } from "./tally.ts";

type LookCommand = PlannedLook["command"];

export class Looks {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #plan: Generator<PlannedLook, never>;
  readonly #tally: Tally;
  /** The due times of unanswered requests; the server answers in order. */
  readonly #unansweredMs: Record<LookCommand, number[]> = { list: [], leaders: [] };
  #stopTimer: () => void = () => {};
  #onAllAnswered: () => void = () => {};

  constructor(client: Client, clock: Clock, plan: Generator<PlannedLook, never>, tally: Tally) {
    this.#client = client;
    this.#clock = clock;
    this.#plan = plan;
    this.#tally = tally;
  }

  start(): void {
    this.#await(this.#clock.nowMs());
  }

  /** Stops looking; resolves when every look is answered. */
  async stop(): Promise<void> {
    this.#stopTimer();
    if (this.unansweredCount === 0) return;
    await new Promise<void>((resolve) => {
      this.#onAllAnswered = resolve;
    });
  }

  get unansweredCount(): number {
    return this.#unansweredMs.list.length + this.#unansweredMs.leaders.length;
  }

  hear(notice: Notice): void {
    if (notice.kind === "users") this.#answered("list", true);
    else if (notice.kind === "leaders") this.#answered("leaders", true);
    else if (notice.kind === "server-back") queueMicrotask(() => this.#lookAgain());
    else if (notice.kind === "server-refused" && isLook(notice.request))
      this.#answered(notice.request, false);
  }

  #await(sinceMs: number): void {
    const { command, afterMs } = this.#plan.next().value;
    const dueMs = sinceMs + afterMs;
    this.#stopTimer = this.#clock.after(Math.max(0, dueMs - this.#clock.nowMs()), () => {
      this.#await(dueMs);
      this.#unansweredMs[command].push(dueMs);
      this.#look(command);
    });
  }

  #look(command: LookCommand): void {
    // While the server is away the look waits, and its time keeps counting.
    if (this.#client.refusalOf(command) === null) this.#client.run({ name: command });
  }

  #lookAgain(): void {
    for (const command of ["list", "leaders"] as const) {
      for (let count = this.#unansweredMs[command].length; count > 0; count--) this.#look(command);
    }
  }

  #answered(command: LookCommand, isTimed: boolean): void {
    const dueMs = this.#unansweredMs[command].shift();
    if (dueMs === undefined) return;
    if (isTimed) this.#tally.latencies.add(command, this.#clock.nowMs() - dueMs);
    if (this.unansweredCount === 0) this.#onAllAnswered();
  }
}

function isLook(request: string): request is LookCommand {
  return request === "list" || request === "leaders";
}
