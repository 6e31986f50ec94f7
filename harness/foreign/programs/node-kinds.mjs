// Servers and clients of Node, one kind each: node node-kinds.mjs <kind> <port> [folder with key.pem and cert.pem]
import { fork, spawn } from "node:child_process";
import cluster from "node:cluster";
import { readFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { Worker } from "node:worker_threads";

const [kind, portText, folder] = process.argv.slice(2);
const port = Number(portText);
const own = new URL(import.meta.url);
const echo = (socket) => socket.on("error", () => {}).pipe(socket);
const answer = (request, response) => request.resume().on("end", () => response.end("y".repeat(3_000)));
const pair = () => ({ key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/cert.pem`) });
const repeat = async (act) => {
  for (let number = 0; number < 10; number += 1) await act(number);
};
const body = "x".repeat(2_000);
const asked = (module, options) =>
  new Promise((resolve, reject) => {
    const request = module.request({ port, host: "127.0.0.1", method: "POST", ...options }, (response) =>
      response.resume().on("end", resolve),
    );
    request.on("error", reject).end(body);
  });
const echoed = (socket) =>
  new Promise((resolve) => {
    let missing = body.length;
    socket.on("data", ({ length }) => {
      missing -= length;
      if (missing === 0) socket.end();
    });
    socket.on("close", resolve).write(body);
  });

const kinds = {
  net: () => net.createServer(echo).listen(port),
  tls: () => tls.createServer(pair(), echo).listen(port),
  http: () => http.createServer(answer).listen(port),
  https: () => https.createServer(pair(), answer).listen(port),
  http2: () => http2.createServer(answer).listen(port),
  upgrade: () =>
    http
      .createServer()
      .on("upgrade", (_request, socket) => {
        socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
        echo(socket);
      })
      .listen(port),
  worker: () => new Worker(own, { argv: ["net", portText] }),
  cluster: () => {
    if (cluster.isWorker) return net.createServer(echo).listen(port);
    for (const _ of [1, 2]) cluster.fork();
    return process.on("SIGTERM", () => process.exit());
  },
  fork: () => {
    const child = fork(own, ["taker", portText]);
    return net.createServer({ pauseOnConnect: true }, (socket) => child.send("take", socket)).listen(port);
  },
  taker: () => process.on("message", (_message, socket) => echo(socket).resume()),
  parent: () => {
    spawn(process.execPath, [own.pathname, "net", portText], { env: {}, stdio: "inherit" });
    process.on("SIGTERM", () => process.exit());
  },
  "net-client": () => repeat(() => echoed(net.connect(port, "127.0.0.1"))),
  "tls-client": () =>
    repeat(() => echoed(tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false }))),
  "http-client": () => repeat(() => asked(http, {})),
  "http-kept-client": async () => {
    const agent = new http.Agent({ keepAlive: true });
    await repeat(() => asked(http, { agent }));
    agent.destroy();
  },
  "https-client": () => repeat(() => asked(https, { rejectUnauthorized: false })),
  "http2-client": async () => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    await repeat(
      () =>
        new Promise((resolve) => {
          const stream = session.request({ ":method": "POST" });
          stream.resume().on("end", resolve).end(body);
        }),
    );
    session.close();
  },
  "fetch-client": () =>
    repeat(async () => (await fetch(`http://127.0.0.1:${port}`, { method: "POST", body })).text()),
  "worker-client": () => new Worker(own, { argv: ["net-client", portText] }),
  "hasty-client": () =>
    net.connect(port, "127.0.0.1", function connected() {
      this.write(body.repeat(50));
      process.exit();
    }),
};
await kinds[kind]();
