// A relay that counts the bytes between two programs: an account of TCP that asks neither the programs nor the kernel.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Account } from "./account.ts";

export interface Relay {
  readonly port: number;
  /** Of the program that was dialled. */
  ofServer(): Account;
  /** Of the program that dialled. */
  ofClient(): Account;
  close(): void;
}

export async function startRelay(targetPort: number, targetHost = "127.0.0.1"): Promise<Relay> {
  const sums = { connections: 0, fromClient: 0, fromServer: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const target = connect({ port: targetPort, host: targetHost, allowHalfOpen: true });
    sums.connections += 1;
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => {
        sums[from === client ? "fromClient" : "fromServer"] += bytes.length;
        to.write(bytes);
      });
      from.on("end", () => to.end());
      from.on("error", () => to.resetAndDestroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const by = "a relay in between";
  return {
    port: (server.address() as AddressInfo).port,
    ofServer: () => ({
      by,
      connections: sums.connections,
      bytesRead: sums.fromClient,
      bytesWritten: sums.fromServer,
    }),
    ofClient: () => ({
      by,
      connections: sums.connections,
      bytesRead: sums.fromServer,
      bytesWritten: sums.fromClient,
    }),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
