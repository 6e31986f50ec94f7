// A client of an echo server (argument: its port) that keeps its own account. It reads commands from standard input:
// after "send <n>" each of its connections sends n short messages, each when the last has come back; "account" prints
// the CPU time used so far in milliseconds, and the bytes sent.
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";

const CONNECTIONS = 8;
const MESSAGE = "play;2;2;1;0123456789abcdef0123456789abcdef\n";

const port = Number(process.argv[2]);
const sockets = Array.from({ length: CONNECTIONS }, () => connect(port, "127.0.0.1"));
await Promise.all(sockets.map((socket) => once(socket, "connect")));

async function send(times: number): Promise<void> {
  const exchanges = sockets.map(async (socket) => {
    for (let time = 0; time < times; time++) {
      socket.write(MESSAGE);
      await once(socket, "data");
    }
  });
  await Promise.all(exchanges);
}

function account(): string {
  const { user, system } = process.cpuUsage();
  const bytes = sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  return `${(user + system) / 1e3} ${bytes}`;
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, times] = line.split(" ");
  if (verb === "send") await send(Number(times));
  console.log(verb === "account" ? account() : "done");
}
process.exit(0);
