// What a C program can do with a socket.
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { echoes } from "../echo.ts";
import { type Bench, type ForeignCase, programFile } from "../foreign-case.ts";

const QUESTION = Buffer.alloc(20_000, "x");
const TIMES = 5;

export const socketCases: ForeignCase[] = [
  way("echo", "read and write", (port) => echoes(port, 20)),
  way("splice", "splice", (port) => echoes(port, 20)),
  way("sendfile", "sendfile", ask),
  way("fork", "accepted, inherited by a child", (port) => echoes(port, 20)),
  way("pass", "passed to another process (SCM_RIGHTS)", (port) => echoes(port, 20)),
  way("half-close", "half closed", askAndEnd),
  way("reset", "reset by the server (SO_LINGER)", ask),
  {
    ...way("flood", "killed (SIGKILL) in mid-write", async () => {}),
    async play(bench) {
      const { server, port } = await startWay(bench, "flood");
      const relay = await bench.relay(port);
      const socket = connect(relay.port, "127.0.0.1").resume();
      await bench.context.pause(200);
      server.signal("SIGKILL");
      await once(socket, "close");
      return relay.ofServer();
    },
  },
  {
    ...way("mptcp", "MPTCP at both ends", async () => {}),
    async play(bench) {
      const { server, port } = await startWay(bench, "mptcp");
      const printed = await bench.run([join(bench.folder, "sockets"), "mptcp-client", String(port)]);
      const [bytesRead = 0, bytesWritten = 0] = printed.trim().split(" ").map(Number);
      await server.stop();
      return { by: "the client", connections: 1, bytesRead, bytesWritten };
    },
  },
];

function way(name: string, what: string, load: (port: number) => Promise<void>): ForeignCase {
  return {
    id: `c-${name}`,
    title: `C: ${what}`,
    needs: ["gcc"],
    async play(bench) {
      const { server, port } = await startWay(bench, name);
      const relay = await bench.relay(port);
      await load(relay.port);
      await server.stop();
      return relay.ofServer();
    },
  };
}

async function startWay(bench: Bench, name: string) {
  const program = join(bench.folder, "sockets");
  await bench.run(["gcc", "-O1", "-w", "-o", program, programFile("sockets.c")]);
  const port = await bench.port();
  const server = await bench.start([program, name, String(port)]);
  await server.listens(port);
  return { server, port };
}

/** The end of a connection is no failure here, whichever it is. */
async function closed(socket: ReturnType<typeof connect>): Promise<void> {
  await new Promise((resolve) => socket.on("error", () => {}).on("close", resolve));
}

async function ask(port: number): Promise<void> {
  for (let time = 0; time < TIMES; time += 1) {
    const socket = connect(port, "127.0.0.1").resume();
    socket.write(QUESTION);
    await closed(socket);
  }
}

async function askAndEnd(port: number): Promise<void> {
  for (let time = 0; time < TIMES; time += 1) {
    const socket = connect(port, "127.0.0.1").resume();
    socket.end(QUESTION);
    await closed(socket);
  }
}
