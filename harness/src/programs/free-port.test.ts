import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { findFreePort } from "./free-port.ts";

it("Free ports can be listened on, as many in a row as asked for, and are not handed out twice", async () => {
  const first = await findFreePort(3);
  const servers = [first, first + 1, first + 2].map((port) => createServer().listen(port, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  for (const server of servers) server.close();
  const more = await Promise.all(Array.from({ length: 50 }, () => findFreePort()));
  expect(new Set([...more, first, first + 1, first + 2]).size).toBe(53);
});
