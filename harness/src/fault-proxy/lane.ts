// One direction of a connection through the proxy: reads from one socket and decides when to write to the other.
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { delay } from "../time/timers.ts";
import { type Conditions, HEALTHY } from "./faults.ts";

/** Bytes that wait for the reader. Above this it stops reading until half has left: a slow reader slows the writer down. */
const MAX_WAITING_BYTES = 262_144;
/**
 * Bytes on their way, for as long as a delay lasts. The rate is above what the proxy passes on without a delay, so that
 * a delay makes everything later and nothing slower. They are held in memory, in each direction of each connection,
 * hence the limit.
 */
const MAX_BYTES_PER_SECOND = 250e6;
const MAX_BYTES_ON_THEIR_WAY = 64e6;
/** At a limited rate a chunk leaves every step, as large as the rate allows for that time. */
const RATE_STEP_MS = 20;
/** What a late timer cost is made up for, but not what a slow reader cost. */
const MAX_LATE_MS = 200;

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
  #queuedBytes = 0;
  /** At a limited rate, when the next chunk may leave. */
  #freeAtMs = 0;
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
    this.#queuedBytes = 0;
    this.#from.resume();
  }

  #add(bytes: Buffer | null): void {
    if (this.#closing.signal.aborted) return;
    this.#queue.push({ bytes, dueMs: this.#dueMs() });
    this.#queuedBytes += bytes?.length ?? 0;
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
    const maxBytes = maxQueuedBytes(this.#conditions);
    if (this.#conditions.isSilent || this.#queuedBytes > maxBytes) this.#from.pause();
    else if (this.#queuedBytes <= maxBytes / 2) this.#from.resume();
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#queue.length > 0 && !this.#conditions.isSilent) {
      const freeAtMs = this.#conditions.bytesPerSecond === null ? 0 : this.#freeAtMs;
      const waitMs = Math.max(this.#queue[0]!.dueMs, freeAtMs) - performance.now();
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
    const maxAtRate = bytesPerSecond === null ? MAX_WAITING_BYTES : (bytesPerSecond * RATE_STEP_MS) / 1_000;
    const maxBytes = Math.max(1, Math.floor(Math.min(segmentBytes ?? MAX_WAITING_BYTES, maxAtRate)));
    const { dueMs } = this.#queue[0]!;
    const bytes = this.#dequeue(maxBytes);
    if (bytesPerSecond !== null) {
      const startMs = Math.max(this.#freeAtMs, dueMs, performance.now() - MAX_LATE_MS);
      this.#freeAtMs = startMs + (bytes.length * 1_000) / bytesPerSecond;
    }
    await new Promise<void>((finished) =>
      this.#to.write(bytes, (error) => {
        if (!error) this.counts.sentBytes += bytes.length;
        finished();
      }),
    );
    this.#pauseOrResume();
    // Gives the reader a chance to take each segment before the next.
    if (segmentBytes !== null) await nextTurn();
  }

  /** Joins what is due, up to the limit. */
  #dequeue(maxBytes: number): Buffer {
    const nowMs = performance.now();
    const due: Buffer[] = [];
    let room = maxBytes;
    for (let next = this.#queue[0]; room > 0 && next?.bytes && next.dueMs <= nowMs; next = this.#queue[0]) {
      const { bytes } = next;
      due.push(bytes.subarray(0, room));
      if (bytes.length > room) next.bytes = bytes.subarray(room);
      else this.#queue.shift();
      room -= Math.min(bytes.length, room);
    }
    this.#queuedBytes -= maxBytes - room;
    return due.length === 1 ? due[0]! : Buffer.concat(due);
  }

  async #sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}

function maxQueuedBytes({ delayMs, jitterMs, glueMs, bytesPerSecond }: Conditions): number {
  const perMs = Math.min(bytesPerSecond ?? MAX_BYTES_PER_SECOND, MAX_BYTES_PER_SECOND) / 1_000;
  const onTheirWay = perMs * (delayMs + jitterMs + glueMs);
  return MAX_WAITING_BYTES + Math.min(onTheirWay, MAX_BYTES_ON_THEIR_WAY);
}
