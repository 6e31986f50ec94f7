// The messages from a probe to its receiver: each line on the channel is a JSON array of them. Times are milliseconds of
// the system-wide monotonic clock, from which the receiver computes times of the run.
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

/** The first lines so far; a later message replaces them. */
export interface SocketLines
  extends Pick<SocketRecord, "number" | "isTls" | "firstLinesWritten" | "firstLinesRead"> {
  kind: "lines";
}

/** Payload by message type so far; a later message replaces it. */
export interface SocketMessages extends Required<Pick<SocketRecord, "number" | "messages">> {
  kind: "messages";
}

/** The messages kept since the last report. */
export interface SocketSaid extends Pick<SocketRecord, "number"> {
  kind: "said";
  said: MessageAtEnd[];
  /** The number of messages that were not kept so far. */
  droppedCount: number;
}

/** The counters of the sockets whose counters changed. */
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

/** How long the process has worked for the probe so far; a later message replaces it. */
export interface WorkTime {
  kind: "worked";
  ms: number;
}

/** The delay of the event loop since the last report. */
export interface LoopDelayed {
  kind: "loop";
  atMs: number;
  meanMs: number;
  maxMs: number;
}

/** The answer to a flush request: everything up to now has been reported. */
export interface Flushed {
  kind: "flushed";
}

/** The environment variables that configure the probe of a measured process. */
export const PROBE_VARIABLES = {
  channel: "PROBE_CHANNEL",
  processId: "PROBE_PROCESS_ID",
  intervalMs: "PROBE_INTERVAL_MS",
  leftovers: "PROBE_LEFTOVERS",
  payloadFormat: "PROBE_PAYLOAD_FORMAT",
} as const;

/** A receiver sends nothing else: it asks the probe to report everything now. */
export const FLUSH_REQUEST = "\n";

// Kept, because the program may replace its clock. Unlike `hrtime.bigint`, this one allocates nothing.
const sinceStart = performance.now.bind(performance);
const startMs = Number(process.hrtime.bigint()) / 1e6 - sinceStart();

export function monotonicMs(): number {
  return startMs + sinceStart();
}
