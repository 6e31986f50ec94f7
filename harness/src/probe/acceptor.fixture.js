// Listens on a free port, prints it, and handles every connection in the way of its argument; exits on SIGTERM.
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";

const [way, certificateDirectory] = process.argv.slice(2);

const echo = (socket) => socket.on("error", () => {}).pipe(socket);
const greet = (_request, response) => response.end("hello");
const tlsOptions = () => ({
  key: readFileSync(`${certificateDirectory}/key.pem`),
  cert: readFileSync(`${certificateDirectory}/certificate.pem`),
});

const servers = {
  echo: () => createServer(echo),
  "tls-echo": () => createTlsServer(tlsOptions(), echo),
  "tls-echo-after-a-look": () => {
    const tls = createTlsServer(tlsOptions(), echo);
    return createServer((socket) => socket.once("readable", () => tls.emit("connection", socket)));
  },
  http: () => createHttpServer(greet),
  https: () => createHttpsServer(tlsOptions(), greet),
  "greets-and-closes": () => createServer((socket) => socket.end("welcome;\r\n").resume()),
  "answers-after-the-end": () =>
    createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => {});
      socket.resume().on("end", () => socket.end("a".repeat(1_000)));
    }),
  resets: () => createServer((socket) => socket.once("data", () => socket.resetAndDestroy())),
  "destroys-with-data-unread": () => createServer((socket) => socket.once("data", () => socket.destroy())),
};

const server = servers[way]();
server.listen(0, () => process.stdout.write(`${server.address().port}\n`));
// Reads first what is still in the kernel: it exits when the last connection has ended.
process.on("SIGTERM", () => server.close());
