// Servers that give back what they get: most programs of most languages can be one in ten lines.
import { once } from "node:events";
import { connect } from "node:net";
import type { ProgramSpec } from "fiel";
import type { ForeignCase } from "./foreign-case.ts";

const BYTES = 10_000;
const CONNECTIONS = 20;
const MANY_CONNECTIONS = 500;
const AT_ONCE = 5;

export interface EchoServer extends Omit<ForeignCase, "play"> {
  /** Listens on that port. */
  command(port: number): readonly string[];
  host?: string;
  program?: Partial<ProgramSpec>;
}

export function echoServer({ command, host, program, ...rest }: EchoServer): ForeignCase {
  return {
    ...rest,
    async play(bench) {
      const port = await bench.port();
      const server = await bench.start(command(port), program);
      await server.listens(port);
      const relay = await bench.relay(port, host);
      await echoes(relay.port, bench.isFull ? MANY_CONNECTIONS : CONNECTIONS);
      await server.stop();
      return relay.ofServer();
    },
  };
}

export async function echoes(port: number, connections: number): Promise<void> {
  for (let left = connections; left > 0; left -= AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, () => echoOnce(port)));
}

async function echoOnce(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  let missing = BYTES;
  socket.write(Buffer.alloc(BYTES, "x"));
  socket.on("data", (bytes) => {
    missing -= bytes.length;
    if (missing === 0) socket.end();
  });
  await once(socket, "close");
  if (missing > 0) throw new Error(`${missing} of ${BYTES} bytes did not come back`);
}
