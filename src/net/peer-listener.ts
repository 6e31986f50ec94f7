// The two ports on which an invitee waits for the inviter (docs/PROTOCOL.md §7).
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { Connection } from "./dial.ts";
import {
  LineConnection,
  type LineConnectionOptions,
  type LineHandlers,
  type LineSocket,
} from "./line-connection.ts";

export type PeerFlow = "game" | "ping";

export interface PeerListenerOptions {
  /** 0 takes a free one. */
  gamePort: number;
  pingPort: number;
  maxLineBytes: number;
  /** Returns the handlers for an accepted connection; called once for each. */
  onConnection(flow: PeerFlow, connection: Connection): LineHandlers;
}

export interface PeerListener {
  readonly gamePort: number;
  readonly pingPort: number;
  /** Accepts no more connections; open ones stay open. */
  close(): void;
}

/**
 * Players send nothing while one of them thinks, so the loss of a machine would go unnoticed. TCP's keep-alive probes
 * detect it without payload: when ten probes, one a second, are not answered, the connection ends.
 */
export const PEER_KEEP_ALIVE_MS = 15_000;

/** Bounds memory; the channels on these ports keep far fewer connections. */
const MAX_CONNECTIONS = 64;

/** Rejects when it cannot listen on a port. */
export async function listenForPeer(options: PeerListenerOptions): Promise<PeerListener> {
  const game = listener("game", options);
  const ping = listener("ping", options);
  const close = () => {
    game.close();
    ping.close();
  };
  try {
    await Promise.all([listening(game, options.gamePort), listening(ping, options.pingPort)]);
  } catch (error) {
    close();
    throw error;
  }
  return { gamePort: portOf(game), pingPort: portOf(ping), close };
}

function listener(flow: PeerFlow, options: PeerListenerOptions): Server {
  const server = createServer(
    { allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: PEER_KEEP_ALIVE_MS },
    (socket) => welcome(socket, flow, options),
  );
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

export function welcome(
  socket: LineSocket,
  flow: PeerFlow,
  options: LineConnectionOptions & Pick<PeerListenerOptions, "onConnection">,
): void {
  // Connection and handlers refer to each other: they are joined once both exist.
  const handlers: { current: LineHandlers | null } = { current: null };
  const connection = new LineConnection(socket, options, {
    onLine: (line) => handlers.current?.onLine(line),
    onMalformed: () => handlers.current?.onMalformed(),
    onClose: (error) => handlers.current?.onClose(error),
  });
  handlers.current = options.onConnection(flow, connection);
}

async function listening(server: Server, port: number): Promise<void> {
  server.listen(port);
  await once(server, "listening");
  // An accept that fails (no descriptors left) costs that one connection and not the program.
  server.on("error", () => {});
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
