// Observes what every socket reads and writes, under TLS the plaintext. Active only if payload is counted by message type,
// because each chunk costs a little. It cannot observe reads that bypass JavaScript, as in Node's HTTP server.
import type { PayloadTally } from "./payload-tally.ts";
import { replaceMethod } from "./replace-method.ts";
import type { SocketBook } from "./socket-book.ts";
import { type InnerSocket, socketInternals, wireHandle } from "./tcp-handle.ts";
import { beginOftenWork, endOftenWork } from "./work-time.ts";

export function tapReads(book: SocketBook): void {
  replaceMethod(socketInternals, "push", (original) => {
    return function (this: InnerSocket, chunk, encoding) {
      if (chunk instanceof Uint8Array) countRead(book, this, chunk);
      return original.call(this, chunk, encoding);
    };
  });
}

function countRead(book: SocketBook, socket: InnerSocket, chunk: Uint8Array): void {
  const payload = book.find(wireHandle(socket))?.payloadThrough(socket.encrypted === true);
  if (!payload) return;
  const startMs = beginOftenWork();
  payload.read.add(chunk);
  endOftenWork(startMs);
}

export function countWritten(written: PayloadTally, isMany: boolean, data: unknown, encoding: string): void {
  const startMs = beginOftenWork();
  if (!isMany) add(written, data, encoding);
  else
    for (const one of data as { chunk: unknown; encoding: string }[]) add(written, one.chunk, one.encoding);
  endOftenWork(startMs);
}

function add(tally: PayloadTally, chunk: unknown, encoding: string): void {
  if (typeof chunk === "string") tally.addText(chunk, encoding as BufferEncoding);
  else tally.add(chunk as Uint8Array);
}
