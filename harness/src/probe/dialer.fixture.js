// Dials the given port in the way of its argument, and exits when that is done.
import { fork } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { Agent, get as getSecurely } from "node:https";
import { connect, createServer } from "node:net";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";

const [portText, way, sizeText = "0"] = process.argv.slice(2);
const port = Number(portText);
const host = "127.0.0.1";
const payload = "x".repeat(Number(sizeText));
const insecure = { rejectUnauthorized: false };

/** Sends the payload and reads everything. */
async function converse(socket) {
  socket.on("error", () => {});
  socket.end(payload).resume();
  await once(socket, "close");
}

async function finishResponse([response]) {
  response.resume();
  await once(response, "close");
}

const ways = {
  plain: () => converse(connect(port, host)),
  tls: () => converse(connectTls({ host, port, ...insecure })),
  "tls-over-socket": () => converse(connectTls({ socket: connect(port, host), ...insecure })),
  http: async () => finishResponse(await once(get({ host, port, agent: false }), "response")),
  https: async () => {
    const agent = new Agent({ keepAlive: true });
    const [response] = await once(getSecurely({ host, port, agent, ...insecure }), "response");
    const { socket } = response;
    response.resume();
    await once(agent, "free");
    await converse(socket.ref());
  },
  fetch: async () => (await fetch(`http://${host}:${port}`, { headers: { connection: "close" } })).text(),
  "one-after-another": async () => {
    for (let count = 0; count < 200; count += 1) await converse(connect(port, host));
  },
  "all-at-once": () => Promise.all(Array.from({ length: 100 }, () => converse(connect(port, host)))),
  "writes-ends-exits": () => {
    const socket = connect(port, host, () => {
      socket.end(payload);
      process.exit(3);
    });
  },
  "destroys-at-once": () => {
    const socket = connect(port, host, () => {
      socket.write(payload);
      socket.destroy();
    });
  },
  "writes-throws": () => {
    const socket = connect(port, host, () => {
      socket.write(payload);
      throw new Error("thrown on purpose");
    });
  },
  "writes-and-stays": () => {
    const socket = connect(port, host, () => socket.write(payload));
    socket.on("data", () => process.stdout.write("answered\n"));
  },
  "stays-busy": () => {
    const socket = connect(port, host, () => {
      socket.write(payload);
      for (;;);
    });
  },
  "in-a-child": async () => {
    await once(fork(fileURLToPath(import.meta.url), [portText, "plain", sizeText]), "exit");
  },
  "refused-by-all": async () => {
    const server = createServer().listen(0, host);
    await once(server, "listening");
    const closedPort = server.address().port;
    server.close();
    await once(connect(closedPort, host), "error").catch(() => {});
  },
  "over-a-unix-socket": async () => {
    const path = process.env.FIXTURE_SOCKET;
    const server = createServer((socket) => socket.pipe(socket)).listen(path);
    await once(server, "listening");
    const socket = connect(path);
    await converse(socket);
    server.close();
  },
  waits: () => new Promise(() => setInterval(() => {}, 60_000)),
  "greets-nobody": () => {
    process.stdout.write("out\n");
    process.stderr.write("err\n");
  },
};

await ways[way]();
