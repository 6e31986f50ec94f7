// The channel from a probe to its receiver: a Unix socket, written synchronously, because the process may die at any
// moment.
import { connect } from "node:net";
import { setTimeout, writeSync } from "./kept-functions.ts";
import type { ProbeMessage } from "./message.ts";

const RETRY_MS = 20;
const DRAIN_WITHIN_MS = 2_000;
/** The receiver is gone. Other errors are the process's own: it may not open sockets, or has no descriptor left. */
const RECEIVER_GONE = new Set(["ECONNREFUSED", "ENOENT"]);
/** More processes are starting at once than the receiver's queue holds. */
const QUEUE_FULL = "EAGAIN";

export interface Channel {
  send(messages: ProbeMessage[]): void;
  /** Blocks until the receiver has taken everything, for at most two seconds. */
  drain(): void;
  /** The receiver does not keep up, so samples should wait. */
  readonly isBehind: boolean;
}

export interface ChannelEvents {
  /** The receiver asks for everything now. */
  flushRequested(): void;
  /** The receiver is gone. */
  lost(): void;
}

/** If this process may not reach the receiver, everything sent is dropped, so that the process runs undisturbed. */
export function openChannel(path: string, events: ChannelEvents): Channel {
  let descriptor = -1;
  let isConnected = false;
  let isMute = false;
  let isBlocked = false;
  let isRetrying = false;
  let pending = Buffer.alloc(0);

  function dial(): void {
    const socket = connect(path);
    // Node connects a Unix socket at once and only emits the event later, so the descriptor can be written to already.
    // Without a receiver there is no descriptor, and every write fails until the socket closes.
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
      // Any other error means that there is no receiver, now or any more; the socket reports that too.
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
      for (let waitedMs = 0; isBlocked && waitedMs < DRAIN_WITHIN_MS; waitedMs += 1) {
        writePending();
        if (isBlocked) Atomics.wait(sleeper, 0, 0, 1);
      }
    },
    get isBehind() {
      return pending.length > 0;
    },
  };
}
