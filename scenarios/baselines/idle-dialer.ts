// Opens the connections of a crowd and sends nothing: for each client two plain connections that stay, and one TLS
// connection that is closed after its handshake. Arguments: port, TLS port. Each line on standard input is the number of
// clients wanted; surplus clients close their connections.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { connect as connectTls } from "node:tls";

const HOST = "127.0.0.1";
const AT_A_TIME = 16;
const [port, tlsPort] = process.argv.slice(2).map(Number) as [number, number];
const clients: Socket[][] = [];

async function dial(): Promise<Socket[]> {
  const sockets = [connect(port, HOST), connect(port, HOST)];
  for (const socket of sockets) socket.on("error", () => {});
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  const secure = connectTls({ port: tlsPort, host: HOST, rejectUnauthorized: false });
  await once(secure, "secureConnect");
  secure.end();
  await once(secure.resume(), "close");
  return sockets;
}

async function reach(count: number): Promise<void> {
  for (const sockets of clients.splice(count)) for (const socket of sockets) socket.destroy();
  while (clients.length < count) {
    const wanted = Math.min(AT_A_TIME, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: wanted }, dial))));
  }
}

process.on("SIGTERM", () => process.exit(0));
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  await reach(Number(line));
  console.log(`${line} clients are connected`);
}
