// One direction of a connection through the proxy: what was read from one socket and when it is written to the other.
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { delay } from "../time/timers.ts";
import { type Conditions, HEALTHY } from "./faults.ts";

/** From here on it no longer reads, until half of it has left, so that a slow reader slows the writer down. */
const MOST_QUEUED_BYTES = 262_144;
/** At a limited rate bytes leave so often, in pieces of as many as that time allows. */
const RATE_STEP_MS = 20;

interface Piece {
  /** Null: the orderly end. */
  bytes: Buffer | null;
  dueMs: number;
}

export interface LaneCounts {
  receivedBytes: number;
  sentBytes: number;
}

export class Lane {
  readonly counts: LaneCounts = { receivedBytes: 0, sentBytes: 0 };
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #random: () => number;
  readonly #closing = new AbortController();
  #conditions = HEALTHY;
  #queue: Piece[] = [];
  #lastDueMs = 0;
  #glueUntilMs = 0;
  #isPumping = false;

  constructor(from: Socket, to: Socket, random: () => number, onBytes: (bytes: Buffer) => void) {
    this.#from = from;
    this.#to = to;
    this.#random = random;
    from.on("data", (bytes: Buffer) => {
      this.counts.receivedBytes += bytes.length;
      onBytes(bytes);
      this.#add(bytes);
    });
    from.on("end", () => this.#add(null));
  }

  /** Takes effect on what has not left yet. */
  apply(conditions: Conditions): void {
    this.#conditions = conditions;
    this.#readOrNot();
    void this.#pump();
  }

  /** What has not left never will. What still comes is thrown away. */
  close(): void {
    this.#closing.abort();
    this.#queue = [];
    this.#from.resume();
  }

  #add(bytes: Buffer | null): void {
    if (this.#closing.signal.aborted) return;
    this.#queue.push({ bytes, dueMs: this.#dueMs() });
    this.#readOrNot();
    void this.#pump();
  }

  #dueMs(): number {
    const { delayMs, jitterMs, glueMs } = this.#conditions;
    const nowMs = performance.now();
    if (glueMs > 0 && nowMs >= this.#glueUntilMs) this.#glueUntilMs = nowMs + glueMs;
    const lateMs = delayMs + jitterMs * this.#random();
    this.#lastDueMs = Math.max(this.#lastDueMs, nowMs + lateMs, glueMs > 0 ? this.#glueUntilMs : 0);
    return this.#lastDueMs;
  }

  #readOrNot(): void {
    const queuedBytes = this.#queue.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
    if (this.#conditions.isSilent || queuedBytes > MOST_QUEUED_BYTES) this.#from.pause();
    else if (queuedBytes <= MOST_QUEUED_BYTES / 2) this.#from.resume();
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#queue.length > 0 && !this.#conditions.isSilent) {
      const waitMs = this.#queue[0]!.dueMs - performance.now();
      if (waitMs > 0) await this.#sleep(waitMs);
      else await this.#send();
    }
    this.#isPumping = false;
  }

  async #send(): Promise<void> {
    if (this.#queue[0]?.bytes === null) {
      this.#queue.shift();
      this.#to.end();
      return;
    }
    const { segmentBytes, bytesPerSecond } = this.#conditions;
    const mostAtRate =
      bytesPerSecond === null ? Number.POSITIVE_INFINITY : (bytesPerSecond * RATE_STEP_MS) / 1_000;
    const most = Math.max(1, Math.floor(Math.min(segmentBytes ?? Number.POSITIVE_INFINITY, mostAtRate)));
    const bytes = this.#take(most);
    await new Promise<void>((finished) =>
      this.#to.write(bytes, (error) => {
        if (!error) this.counts.sentBytes += bytes.length;
        finished();
      }),
    );
    this.#readOrNot();
    // The reader has a chance to take each segment before the next.
    if (segmentBytes !== null) await nextTurn();
    if (bytesPerSecond !== null) await this.#sleep((bytes.length * 1_000) / bytesPerSecond);
  }

  /** All that is due, as one; what is over the limit stays. */
  #take(most: number): Buffer {
    const nowMs = performance.now();
    const isNotDue = ({ bytes, dueMs }: Piece) => bytes === null || dueMs > nowMs;
    const first = this.#queue.findIndex(isNotDue);
    const due = this.#queue.splice(0, first === -1 ? this.#queue.length : first);
    const bytes = Buffer.concat(due.map((piece) => piece.bytes!));
    if (bytes.length > most) this.#queue.unshift({ bytes: bytes.subarray(most), dueMs: nowMs });
    return bytes.subarray(0, most);
  }

  async #sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}
