// Node in its kinds: servers behind a relay under a load, and clients that dial a server through one.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import tls from "node:tls";
import { echoServer } from "../echo.ts";
import { type Bench, type ForeignCase, programFile } from "../foreign-case.ts";

const KINDS = programFile("node-kinds.mjs");
const TIMES = 10;
const BODY = "x".repeat(2_000);

type Load = (port: number, bench: Bench) => Promise<void>;

const nodeMajor = Number(process.versions.node.split(".")[0]);
const PERMISSION = nodeMajor < 23 ? "--experimental-permission" : "--permission";

export const nodeCases: ForeignCase[] = [
  echoServer({ id: "node-net", title: "Node: net", command: kind("net") }),
  echoServer({ id: "node-worker", title: "Node: net in a worker thread", command: kind("worker") }),
  echoServer({ id: "node-cluster", title: "Node: cluster", command: kind("cluster") }),
  echoServer({ id: "node-fork", title: "Node: sockets passed to a fork", command: kind("fork") }),
  echoServer({
    id: "node-parent",
    title: "Node: a child with an environment of its own",
    command: kind("parent"),
  }),
  echoServer({
    id: "node-permission",
    title: "Node: permission model",
    command: kind("net", PERMISSION, "--allow-fs-read=*"),
  }),
  echoServer({
    id: "node-require",
    title: "Node: --require of a CommonJS hook",
    command: kind("net", "--require", programFile("hook.cjs")),
  }),
  echoServer({
    id: "node-loader",
    title: "Node: a loader of its own",
    command: kind("net", "--import", programFile("register.mjs")),
  }),
  echoServer({
    id: "node-options",
    title: "Node: NODE_OPTIONS set by itself",
    command: (port) => [
      "sh",
      "-c",
      `NODE_OPTIONS=--max-old-space-size=256 exec ${process.execPath} ${KINDS} net ${port}`,
    ],
  }),
  echoServer({
    id: "node-bare",
    title: "Node: no environment",
    command: (port) => ["env", "-i", process.execPath, KINDS, "net", String(port)],
  }),
  server("tls", "tls", (port) => tlsEchoes(port)),
  server("http", "http", (port) => requests(`http://127.0.0.1:${port}`)),
  server("https", "https", httpsRequests),
  server("http2", "http2", http2Requests),
  server("upgrade", "an upgraded connection, as of WebSockets", upgraded),
  client("net-client", "net", () => net.createServer(echo)),
  client("tls-client", "tls", (pair) => tls.createServer(pair(), echo)),
  client("http-client", "http.request", () => http.createServer(answer)),
  client("http-kept-client", "http.request, kept alive", () => http.createServer(answer)),
  client("https-client", "https.request", (pair) => tls.createServer(pair(), answerPlainly)),
  client("http2-client", "http2", () => http2.createServer(answer as never) as unknown as Server),
  client("fetch-client", "fetch", () => http.createServer(answer)),
  client("worker-client", "net in a worker thread", () => net.createServer(echo)),
  client("hasty-client", "net, gone while its bytes are on their way", () =>
    net.createServer((socket) => socket.resume()),
  ),
];

function kind(name: string, ...options: string[]) {
  return (port: number) => ["node", ...options, KINDS, name, String(port)];
}

function server(name: string, what: string, load: Load): ForeignCase {
  return {
    id: `node-${name}`,
    title: `Node: ${what}`,
    needs: ["openssl"],
    async play(bench) {
      await makePair(bench);
      const port = await bench.port();
      const program = await bench.start(["node", KINDS, name, String(port), bench.folder]);
      await program.listens(port);
      const relay = await bench.relay(port);
      await load(relay.port, bench);
      await program.stop();
      return relay.ofServer();
    },
  };
}

function client(name: string, what: string, make: (pair: () => Pair) => Server): ForeignCase {
  return {
    id: `node-${name}`,
    title: `Node client: ${what}`,
    needs: ["openssl"],
    async play(bench) {
      await makePair(bench);
      const listener = make(() => pairOf(bench)).listen(0, "127.0.0.1");
      await once(listener, "listening");
      const relay = await bench.relay((listener.address() as AddressInfo).port);
      const program = await bench.start(["node", KINDS, name, String(relay.port), bench.folder]);
      await program.ended();
      await bench.context.pause(100);
      listener.close();
      return relay.ofClient();
    },
  };
}

interface Pair {
  key: Buffer;
  cert: Buffer;
}

async function makePair({ run, folder }: Bench): Promise<void> {
  await run(
    "openssl req -x509 -newkey ed25519 -nodes -subj /CN=localhost -keyout key.pem -out cert.pem".split(" "),
  );
  await run(["chmod", "-R", "a+rX", folder]);
}

function pairOf({ folder }: Bench): Pair {
  return { key: readFileSync(join(folder, "key.pem")), cert: readFileSync(join(folder, "cert.pem")) };
}

function echo(socket: Socket): void {
  socket.on("error", () => {}).pipe(socket);
}

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  request.resume().on("end", () => response.end("y".repeat(3_000)));
}

/** HTTP without a library: one answer, and the end. */
function answerPlainly(socket: Socket): void {
  socket
    .on("error", () => {})
    .once("data", () => {
      socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody`);
    });
  socket.resume();
}

async function requests(url: string): Promise<void> {
  for (let time = 0; time < TIMES; time += 1)
    await (await fetch(url, { method: "POST", body: BODY })).arrayBuffer();
  // So that its connections end before the server does.
  await (await fetch(url, { headers: { connection: "close" } })).arrayBuffer();
}

async function tlsEchoes(port: number): Promise<void> {
  for (let time = 0; time < TIMES; time += 1) {
    const socket = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
    await once(socket, "secureConnect");
    socket.write(BODY);
    let missing = BODY.length;
    socket.on("data", ({ length }) => {
      missing -= length;
      if (missing === 0) socket.end();
    });
    await once(socket, "close");
  }
}

async function httpsRequests(port: number, { run }: Bench): Promise<void> {
  for (let time = 0; time < TIMES; time += 1)
    await run(["curl", "-sk", "-o", "/dev/null", "-d", BODY, `https://127.0.0.1:${port}/`]);
}

async function http2Requests(port: number): Promise<void> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  for (let time = 0; time < TIMES; time += 1) {
    const stream = session.request({ ":method": "POST" });
    stream.resume().end(BODY);
    await once(stream, "end");
  }
  session.close();
  await once(session, "close");
}

async function upgraded(port: number): Promise<void> {
  const socket = net.connect(port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: echo\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
  await once(socket, "data");
  socket.write(BODY);
  await once(socket, "data");
  socket.end();
  await once(socket, "close");
}
