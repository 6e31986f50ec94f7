// Measures the full round trip to the opponent, every 3 s and once on joining (docs/PROTOCOL.md §7).

import { formatError, formatMessage, parseMessage } from "../../protocol/codec.ts";
import { delay } from "../../protocol/messages.ts";
import type { Clock } from "../../shared/clock/clock.ts";

const PERIOD_MS = 3_000;

export class DelayProbe {
  readonly #clock: Clock;
  readonly #send: (line: string) => void;
  readonly #onMeasured: (delayMs: number) => void;
  #n = 0;
  #sentAtMs = 0;
  #isUnanswered = false;
  #stopTimer: () => void = () => {};

  constructor(clock: Clock, send: (line: string) => void, onMeasured: (delayMs: number) => void) {
    this.#clock = clock;
    this.#send = send;
    this.#onMeasured = onMeasured;
  }

  start(): void {
    this.stop();
    this.#ping(this.#clock.nowMs());
  }

  stop(): void {
    this.#stopTimer();
    this.#isUnanswered = false;
  }

  receive(line: string): void {
    const parsed = parseMessage(delay, line);
    if (!parsed.ok) {
      if (parsed.code === "IGNORED") return;
      this.#send(formatError(parsed.code === "UNKNOWN_COMMAND" ? "" : parsed.name, parsed.code));
    } else if (parsed.message.name === "ping") {
      this.#send(formatMessage(delay, { name: "pong", n: parsed.message.n }));
    } else if (parsed.message.name === "pong" && this.#isUnanswered && parsed.message.n === this.#n) {
      this.#isUnanswered = false;
      this.#onMeasured(this.#clock.nowMs() - this.#sentAtMs);
    }
  }

  /** `dueAtMs` keeps the period from drifting. */
  #ping(dueAtMs: number): void {
    this.#n += 1;
    this.#isUnanswered = true;
    this.#sentAtMs = this.#clock.nowMs();
    this.#send(formatMessage(delay, { name: "ping", n: this.#n }));
    const nextAtMs = Math.max(dueAtMs + PERIOD_MS, this.#sentAtMs);
    this.#stopTimer = this.#clock.after(nextAtMs - this.#sentAtMs, () => this.#ping(nextAtMs));
  }
}
