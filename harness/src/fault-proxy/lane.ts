// One direction of a connection through the proxy: reads from one socket and decides when to write to the other.
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { delay } from "../time/timers.ts";
import { type Conditions, HEALTHY } from "./faults.ts";

/** Above this it stops reading until half has left, so that a slow reader slows the writer down. */
const MAX_QUEUED_BYTES = 262_144;
/** At a limited rate a chunk leaves every step, as large as the rate allows for that time. */
const RATE_STEP_MS = 20;

interface Chunk {
  /** Null marks the orderly end. */
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
  #queue: Chunk[] = [];
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

  /** Also affects bytes that have not left yet. */
  apply(conditions: Conditions): void {
    this.#conditions = conditions;
    this.#pauseOrResume();
    void this.#pump();
  }

  /** Discards what has not left yet and everything that still arrives. */
  close(): void {
    this.#closing.abort();
    this.#queue = [];
    this.#from.resume();
  }

  #add(bytes: Buffer | null): void {
    if (this.#closing.signal.aborted) return;
    this.#queue.push({ bytes, dueMs: this.#dueMs() });
    this.#pauseOrResume();
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

  #pauseOrResume(): void {
    const queuedBytes = this.#queue.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
    if (this.#conditions.isSilent || queuedBytes > MAX_QUEUED_BYTES) this.#from.pause();
    else if (queuedBytes <= MAX_QUEUED_BYTES / 2) this.#from.resume();
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
    const maxAtRate =
      bytesPerSecond === null ? Number.POSITIVE_INFINITY : (bytesPerSecond * RATE_STEP_MS) / 1_000;
    const maxBytes = Math.max(1, Math.floor(Math.min(segmentBytes ?? Number.POSITIVE_INFINITY, maxAtRate)));
    const bytes = this.#dequeue(maxBytes);
    await new Promise<void>((finished) =>
      this.#to.write(bytes, (error) => {
        if (!error) this.counts.sentBytes += bytes.length;
        finished();
      }),
    );
    this.#pauseOrResume();
    // Gives the reader a chance to take each segment before the next.
    if (segmentBytes !== null) await nextTurn();
    if (bytesPerSecond !== null) await this.#sleep((bytes.length * 1_000) / bytesPerSecond);
  }

  /** Joins everything that is due; the part above the limit stays queued. */
  #dequeue(maxBytes: number): Buffer {
    const nowMs = performance.now();
    const isNotDue = ({ bytes, dueMs }: Chunk) => bytes === null || dueMs > nowMs;
    const first = this.#queue.findIndex(isNotDue);
    const due = this.#queue.splice(0, first === -1 ? this.#queue.length : first);
    const bytes = Buffer.concat(due.map((chunk) => chunk.bytes!));
    if (bytes.length > maxBytes) this.#queue.unshift({ bytes: bytes.subarray(maxBytes), dueMs: nowMs });
    return bytes.subarray(0, maxBytes);
  }

  async #sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}
