// Two ends of one real connection over loopback: a plain socket, and the socket that a server accepted.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export interface LoopbackPair {
  /** The dialling end, read and written by hand. */
  peer: Socket;
  /** The accepted end, for the LineConnection under test. */
  accepted: Socket;
  close(): void;
}

export async function loopbackPair(): Promise<LoopbackPair> {
  const server: Server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const peer = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  const [[accepted]] = (await Promise.all([once(server, "connection"), once(peer, "connect")])) as [
    [Socket],
    [],
  ];
  peer.on("error", () => {});
  const close = () => {
    peer.destroy();
    accepted.destroy();
    server.close();
  };
  return { peer, accepted, close };
}

/** Everything that arrives on the socket until its end, or until it fails. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    text += chunk;
  });
  if (!socket.readableEnded && !socket.destroyed)
    await Promise.race([once(socket, "end"), once(socket, "close")]);
  return text;
}

/** A promise that the test settles itself. */
export function promiseInHand<T>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
