// What a probe tells its receiver: each line on the channel is a JSON array of these. Times are the system-wide
// monotonic clock in milliseconds, so that the receiver can place them in the run.
import type { MessageAtEnd, SocketRecord } from "../witness/socket-record.ts";

export type ProbeMessage =
  | Hello
  | ThreadStarted
  | SocketOpened
  | SocketLines
  | SocketMessages
  | SocketSaid
  | SocketCounted
  | SocketClosed
  | WorkTime
  | LoopDelayed
  | Flushed;

/** The first message of a process, and of each of its worker threads, which has a channel of its own. */
export interface Hello {
  kind: "hello";
  processId: string;
  pid: number;
  /** 0: the main thread. */
  threadId: number;
}

/** A worker thread was made. If it says no hello, it has no probe. */
export interface ThreadStarted {
  kind: "thread";
  threadId: number;
}

export interface SocketOpened extends Pick<SocketRecord, "number" | "side" | "local" | "remote"> {
  kind: "opened";
  atMs: number;
}

/** What is known so far; a later one replaces it. */
export interface SocketLines
  extends Pick<SocketRecord, "number" | "isTls" | "firstLinesWritten" | "firstLinesRead"> {
  kind: "lines";
}

/** Payload by type of message so far; a later one replaces it. */
export interface SocketMessages extends Required<Pick<SocketRecord, "number" | "messages">> {
  kind: "messages";
}

/** What was said since this was last told. */
export interface SocketSaid extends Pick<SocketRecord, "number"> {
  kind: "said";
  said: MessageAtEnd[];
  /** Messages that were not kept, so far. */
  droppedCount: number;
}

/** Counters of the sockets where they changed. */
export interface SocketCounted {
  kind: "counted";
  atMs: number;
  counts: [number: number, bytesWritten: number, bytesRead: number][];
}

export interface SocketClosed
  extends Pick<SocketRecord, "number" | "end" | "sawPeerEnd" | "bytesWritten" | "bytesRead"> {
  kind: "closed";
  atMs: number;
}

/** How long the process has been at work for the probe so far; a later one replaces it. */
export interface WorkTime {
  kind: "worked";
  ms: number;
}

/** How late the event loop was since this was last told. */
export interface LoopDelayed {
  kind: "loop";
  atMs: number;
  meanMs: number;
  maxMs: number;
}

/** Answers a flush request: everything up to now has been told. */
export interface Flushed {
  kind: "flushed";
}

/** The names of the variables through which a receiver reaches the probe in a process it measures. */
export const PROBE_VARIABLES = {
  channel: "PROBE_CHANNEL",
  processId: "PROBE_PROCESS_ID",
  intervalMs: "PROBE_INTERVAL_MS",
  leftovers: "PROBE_LEFTOVERS",
  payloadFormat: "PROBE_PAYLOAD_FORMAT",
} as const;

/** The only thing a receiver ever sends: a request to tell everything now. */
export const FLUSH_REQUEST = "\n";

// Kept from before the program runs, which may replace its clock.
const readNanoseconds = process.hrtime.bigint;

export function monotonicMs(): number {
  return Number(readNanoseconds()) / 1e6;
}
