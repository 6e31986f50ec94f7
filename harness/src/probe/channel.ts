// The probe's way to its receiver: a Unix socket, written synchronously so that a process can die the next moment.
import { writeSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout } from "node:timers";
import type { ProbeMessage } from "./message.ts";

// The program may replace the module's functions later.
const write = writeSync;
const RETRY_MS = 20;
const LAST_WORDS_MS = 2_000;

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
  /** The receiver is gone, or never was there. */
  lost(): void;
}

export function openChannel(path: string, events: ChannelEvents): Channel {
  const socket = connect(path);
  // Node connects a Unix socket at once; only the event comes later. So there is a descriptor to write to already.
  // Without a receiver there is none, and every write fails until the loss is heard.
  const descriptor = (socket as unknown as { _handle: { fd: number } | null })._handle?.fd ?? -1;
  socket.on("data", () => events.flushRequested());
  socket.on("error", () => {});
  socket.on("close", () => events.lost());
  socket.unref();
  let pending = Buffer.alloc(0);
  let isRetrying = false;

  function writePending(): void {
    try {
      while (pending.length > 0) pending = pending.subarray(write(descriptor, pending));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") retryLater();
      // Any other error means that the receiver is gone; the socket hears it as well.
      else pending = Buffer.alloc(0);
    }
  }

  function retryLater(): void {
    if (isRetrying) return;
    isRetrying = true;
    setTimeout(() => {
      isRetrying = false;
      writePending();
    }, RETRY_MS).unref();
  }

  return {
    send(messages) {
      if (messages.length === 0) return;
      const line = Buffer.from(`${JSON.stringify(messages)}\n`);
      pending = pending.length === 0 ? line : Buffer.concat([pending, line]);
      writePending();
    },
    drain() {
      const sleeper = new Int32Array(new SharedArrayBuffer(4));
      for (let waitedMs = 0; pending.length > 0 && waitedMs < LAST_WORDS_MS; waitedMs += 1) {
        writePending();
        if (pending.length > 0) Atomics.wait(sleeper, 0, 0, 1);
      }
    },
    get isBehind() {
      return pending.length > 0;
    },
  };
}
