// The probe's way to its receiver: a Unix socket, written synchronously so that a process can die the next moment.
import { connect } from "node:net";
import { setTimeout, writeSync } from "./kept-functions.ts";
import type { ProbeMessage } from "./message.ts";

const RETRY_MS = 20;
const LAST_WORDS_MS = 2_000;
/** Nobody listens any more. Other errors are this process's own: it may open no socket, or has no descriptor left. */
const RECEIVER_GONE = new Set(["ECONNREFUSED", "ENOENT"]);
/** More processes start at this moment than the receiver's queue holds. */
const QUEUE_FULL = "EAGAIN";

export interface Channel {
  send(messages: ProbeMessage[]): void;
  /** Waits, blocking, until the receiver has taken everything; gives up after two seconds. */
  drain(): void;
  /** The receiver does not keep up; samples had better wait. */
  readonly isBehind: boolean;
}

export interface ChannelEvents {
  /** The receiver wants everything told now. */
  flushRequested(): void;
  /** The receiver is gone. */
  lost(): void;
}

/** Where this process may not reach the receiver, everything sent is dropped: the process goes on as it would. */
export function openChannel(path: string, events: ChannelEvents): Channel {
  let descriptor = -1;
  let isConnected = false;
  let isMute = false;
  let isBlocked = false;
  let isRetrying = false;
  let pending = Buffer.alloc(0);

  function dial(): void {
    const socket = connect(path);
    // Node connects a Unix socket at once; only the event comes later. So there is a descriptor to write to already.
    // Without a receiver there is none, and every write fails until the loss is heard.
    descriptor = (socket as unknown as { _handle: { fd: number } | null })._handle?.fd ?? -1;
    let failure: string | undefined;
    socket.on("connect", () => {
      isConnected = true;
      writePending();
    });
    socket.on("data", () => events.flushRequested());
    socket.on("error", ({ code }: NodeJS.ErrnoException) => {
      failure = code;
    });
    socket.on("close", () => {
      descriptor = -1;
      if (isConnected || RECEIVER_GONE.has(failure ?? "")) events.lost();
      else if (failure === QUEUE_FULL) setTimeout(dial, RETRY_MS).unref();
      else mute();
    });
    socket.unref();
  }

  function mute(): void {
    isMute = true;
    pending = Buffer.alloc(0);
  }

  function writePending(): void {
    isBlocked = false;
    try {
      while (pending.length > 0) pending = pending.subarray(writeSync(descriptor, pending));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") retryLater();
      // Any other error means that there is no receiver yet, or none any more; the socket hears it as well.
      else if (isConnected) pending = Buffer.alloc(0);
    }
  }

  function retryLater(): void {
    isBlocked = true;
    if (isRetrying) return;
    isRetrying = true;
    setTimeout(() => {
      isRetrying = false;
      writePending();
    }, RETRY_MS).unref();
  }

  dial();
  return {
    send(messages) {
      if (isMute || messages.length === 0) return;
      const line = Buffer.from(`${JSON.stringify(messages)}\n`);
      pending = pending.length === 0 ? line : Buffer.concat([pending, line]);
      writePending();
    },
    drain() {
      const sleeper = new Int32Array(new SharedArrayBuffer(4));
      for (let waitedMs = 0; isBlocked && waitedMs < LAST_WORDS_MS; waitedMs += 1) {
        writePending();
        if (isBlocked) Atomics.wait(sleeper, 0, 0, 1);
      }
    },
    get isBehind() {
      return pending.length > 0;
    },
  };
}
