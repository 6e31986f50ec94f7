// Observes what every socket reads and writes, under TLS the plaintext. Active only if payload is counted by message type,
// because each chunk costs a little. It cannot observe reads that bypass JavaScript, as in Node's HTTP server.
import { replaceMethod } from "./replace-method.ts";
import type { SocketBook } from "./socket-book.ts";
import { type InnerSocket, socketInternals, wireHandle } from "./tcp-handle.ts";
import { atOftenWork } from "./work-time.ts";

export function tapPayload(book: SocketBook): void {
  replaceMethod(socketInternals, "_writeGeneric", (original) => {
    return function (this: InnerSocket, isMany, data, encoding, done) {
      // While the socket connects, this is called once more later.
      const payload = this.connecting ? undefined : payloadOf(book, this);
      if (payload)
        atOftenWork(() => {
          for (const chunk of chunksOf(isMany, data, encoding)) payload.written.add(chunk);
        });
      return original.call(this, isMany, data, encoding, done);
    };
  });
  replaceMethod(socketInternals, "push", (original) => {
    return function (this: InnerSocket, chunk, encoding) {
      const payload = chunk instanceof Uint8Array ? payloadOf(book, this) : undefined;
      if (payload) atOftenWork(() => payload.read.add(chunk as Uint8Array));
      return original.call(this, chunk, encoding);
    };
  });
}

function payloadOf(book: SocketBook, socket: InnerSocket) {
  return book.find(wireHandle(socket))?.payloadThrough(socket.encrypted === true);
}

function chunksOf(isMany: boolean, data: unknown, encoding: string): Uint8Array[] {
  if (!isMany) return [bytesOf(data, encoding)];
  return (data as { chunk: unknown; encoding: string }[]).map((one) => bytesOf(one.chunk, one.encoding));
}

function bytesOf(chunk: unknown, encoding: string): Uint8Array {
  return typeof chunk === "string" ? Buffer.from(chunk, encoding as BufferEncoding) : (chunk as Uint8Array);
}
