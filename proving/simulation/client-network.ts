// The network that a client's process is given: the shipped line connections on simulated sockets.
import type { Network } from "../../src/client/world.ts";
import type { Connection, DialHandlers, DialOptions } from "../../src/net/dial.ts";
import { LineConnection } from "../../src/net/line-connection.ts";
import { type PeerFlow, welcome } from "../../src/net/peer-listener.ts";
import type { VirtualNetwork } from "./virtual-network.ts";
import type { VirtualProcess } from "./virtual-process.ts";

const CERTIFICATE = { fingerprint: "00:11:22", validUntilMs: Number.POSITIVE_INFINITY };
const LISTENING_TAKES_MS = 1;

export function clientNetwork(network: VirtualNetwork, owner: VirtualProcess): Network {
  return {
    dial: (options, handlers) => dialled(network, owner, options, handlers, null),
    dialTls: (options, handlers) =>
      dialled(network, owner, options, handlers, () => options.accept(CERTIFICATE)),
    async listenForPeer({ gamePort, pingPort, maxLineBytes, onConnection }) {
      const options = { maxLineBytes, onConnection, after: owner.after };
      const listen = (flow: PeerFlow, port: number) =>
        network.listen(owner, port, (socket) => welcome(socket, flow, options));
      const game = listen("game", gamePort);
      const ping = listen("ping", pingPort);
      await owner.wait(LISTENING_TAKES_MS);
      const close = () => {
        game.close();
        ping.close();
      };
      return { gamePort: game.port, pingPort: ping.port, close };
    },
  };
}

/** `accept` decides about the certificate of a TLS connection. */
function dialled(
  network: VirtualNetwork,
  owner: VirtualProcess,
  { host, port, maxLineBytes, timeoutMs }: DialOptions,
  handlers: DialHandlers,
  accept: (() => boolean) | null,
): Connection {
  const socket = network.connect(owner, host, port, accept !== null);
  const connection = new LineConnection(socket, { maxLineBytes, after: owner.after }, handlers);
  const stopLimit = owner.after(timeoutMs, () => connection.destroy(new Error("ETIMEDOUT")));
  socket.once("close", stopLimit);
  socket.once("connect", () => {
    stopLimit();
    if (!accept || accept()) handlers.onOpen();
    else connection.destroy(new Error("the certificate was refused"));
  });
  return connection;
}
