// The reports so far of one probed process or worker thread, kept as one record for each socket.

import type { LoopDelay } from "../result/result.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import type { ByteTotals } from "../witness/witness.ts";
import { type Hello, monotonicMs, type ProbeMessage, type SocketOpened } from "./message.ts";

export class ProbedProcess {
  readonly processId: string;
  /** How long the process has worked for its probe. */
  workTimeMs = 0;
  readonly totals: ByteTotals = { bytesWritten: 0, bytesRead: 0 };
  readonly loopDelays: LoopDelay[] = [];
  readonly pid: number;
  /** 0 is the main thread. */
  readonly threadId: number;
  /** By this thread. */
  readonly threadsStarted: { threadId: number; receivedMs: number }[] = [];
  readonly #originMs: number;
  readonly #records = new Map<number, SocketRecord>();

  /** `originMs` is the time of the monotonic clock when the run began. */
  constructor(hello: Hello, originMs: number) {
    this.processId = hello.processId;
    this.pid = hello.pid;
    this.threadId = hello.threadId;
    this.#originMs = originMs;
  }

  records(): SocketRecord[] {
    return structuredClone([...this.#records.values()]);
  }

  handle(message: ProbeMessage): void {
    switch (message.kind) {
      case "thread":
        this.threadsStarted.push({ threadId: message.threadId, receivedMs: monotonicMs() });
        return;
      case "opened":
        this.#records.set(message.number, this.#newRecord(message));
        return;
      case "lines": {
        const { isTls, firstLinesWritten, firstLinesRead } = message;
        this.#change(message.number, (record) => {
          Object.assign(record, { isTls, firstLinesWritten, firstLinesRead });
        });
        return;
      }
      case "worked":
        this.workTimeMs = message.ms;
        return;
      case "messages":
        this.#change(message.number, (record) => {
          record.messages = message.messages;
        });
        return;
      case "said":
        this.#change(message.number, (record) => {
          const messages = record.said?.messages ?? [];
          for (const one of message.said) messages.push({ ...one, atMs: this.#runMs(one.atMs) });
          record.said = { messages, droppedCount: message.droppedCount };
        });
        return;
      case "counted":
        for (const [number, bytesWritten, bytesRead] of message.counts) {
          this.#change(number, (record) => this.#count(record, message.atMs, bytesWritten, bytesRead));
        }
        return;
      case "closed":
        this.#change(message.number, (record) => {
          this.#count(record, message.atMs, message.bytesWritten, message.bytesRead);
          record.closedAtMs = this.#runMs(message.atMs);
          record.end = message.end;
          record.sawPeerEnd = message.sawPeerEnd;
        });
        return;
      case "loop": {
        const { meanMs, maxMs } = message;
        this.loopDelays.push({ timeMs: this.#runMs(message.atMs), meanMs, maxMs });
        return;
      }
    }
  }

  /** Sockets whose end was not reported died with the process. */
  died(atMs: number): void {
    for (const record of this.#records.values()) {
      if (record.closedAtMs !== null) continue;
      record.closedAtMs = this.#runMs(atMs);
      record.end = "killed";
    }
  }

  #newRecord({ number, side, local, remote, atMs }: SocketOpened): SocketRecord {
    return {
      processId: this.processId,
      pid: this.pid,
      number,
      side,
      isTls: false,
      local,
      remote,
      openedAtMs: this.#runMs(atMs),
      closedAtMs: null,
      end: "open",
      sawPeerEnd: false,
      bytesWritten: 0,
      bytesRead: 0,
      samples: [],
      firstLinesWritten: [],
      firstLinesRead: [],
    };
  }

  #change(number: number, change: (record: SocketRecord) => void): void {
    const record = this.#records.get(number);
    if (record !== undefined) change(record);
  }

  #count(record: SocketRecord, atMs: number, bytesWritten: number, bytesRead: number): void {
    if (bytesWritten === record.bytesWritten && bytesRead === record.bytesRead) return;
    this.totals.bytesWritten += bytesWritten - record.bytesWritten;
    this.totals.bytesRead += bytesRead - record.bytesRead;
    Object.assign(record, { bytesWritten, bytesRead });
    record.samples.push({ timeMs: this.#runMs(atMs), bytesWritten, bytesRead });
  }

  #runMs(atMs: number): number {
    return Math.max(0, atMs - this.#originMs);
  }
}
