import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, it } from "vitest";
import { type SsEvents, watchSsEvents } from "./ss-events.ts";

const isReported = spawnSync("ss", ["-V"]).status === 0 && process.getuid?.() === 0;
const CONNECTIONS = 40;

it.runIf(isReported)(
  "Each of many sockets that go at once is reported at once, without waiting for more to go",
  async () => {
    const server = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const gone = new Set<string>();
    let isWatching: () => void = () => {};
    const watching = new Promise<void>((resolve) => {
      isWatching = resolve;
    });
    const events: SsEvents = watchSsEvents((line) => {
      isWatching();
      if (line.split(/\s+/)[3] === `127.0.0.1:${port}`) gone.add(line.match(/sk:\w+/)?.[0] ?? "");
    });
    // It hears of what goes from some moment on: this goes on until then.
    const knock = setInterval(() => connect(port, "127.0.0.1").end(), 20);
    await watching;
    clearInterval(knock);
    const clients = Array.from({ length: CONNECTIONS }, () => connect(port, "127.0.0.1"));
    await Promise.all(clients.map((client) => once(client, "connect")));
    gone.clear();
    for (const client of clients) client.end("bytes");
    await expect.poll(() => gone.size).toBeGreaterThanOrEqual(CONNECTIONS);
    await events.stop();
    server.close();
  },
);
