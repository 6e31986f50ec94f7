// Talks to an echo (argument: its port) as it is told, a line each, and keeps its own account: "talk <n>" has each of
// its connections say n short messages, each when the last has come back; "account" prints the CPU time used so far in
// milliseconds, and the bytes sent.
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";

const CONNECTIONS = 8;
const MESSAGE = "play;2;2;1;0123456789abcdef0123456789abcdef\n";

const port = Number(process.argv[2]);
const sockets = Array.from({ length: CONNECTIONS }, () => connect(port, "127.0.0.1"));
await Promise.all(sockets.map((socket) => once(socket, "connect")));

async function talk(times: number): Promise<void> {
  const talking = sockets.map(async (socket) => {
    for (let time = 0; time < times; time++) {
      socket.write(MESSAGE);
      await once(socket, "data");
    }
  });
  await Promise.all(talking);
}

function account(): string {
  const { user, system } = process.cpuUsage();
  const bytes = sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  return `${(user + system) / 1e3} ${bytes}`;
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, times] = line.split(" ");
  if (verb === "talk") await talk(Number(times));
  console.log(verb === "account" ? account() : "done");
}
process.exit(0);
