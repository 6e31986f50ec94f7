// Readers of the live page's news over real sockets; how much there is to tell is the test's.
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import Fastify from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { LiveFeed, MAX_UNREAD_BYTES } from "./live-feed.ts";
import type { LiveSample } from "./page/browser/live-data.ts";

const NEWS_BYTES = 1_000_000;
/** More than any kernel keeps for a reader. */
const MOST_NEWS = 200;

it("disconnects a reader that does not read, with little memory used for it, and keeps the others", async () => {
  let version = 0;
  const leaders = () => [{ user: "x".repeat(NEWS_BYTES), points: ++version }];
  const feed = new LiveFeed({
    samples: [],
    takeSample: () => ({ atMs: version }) as LiveSample,
    people: async () => ({ servers: [], players: [], areMorePlayers: false, leaders: leaders() }),
    start() {},
    stop() {},
  });
  const app = Fastify({ forceCloseConnections: true });
  onTestFinished(() => app.close());
  const replies = new Map<string, ServerResponse>();
  app.get<{ Params: { who: string } }>("/:who", (request, reply) => {
    replies.set(request.params.who, reply.raw);
    return feed.admit(reply);
  });
  const { port } = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
  const come = async (who: string) => {
    const socket = connect(Number(port), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    socket.write(`GET /${who} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    await expect.poll(() => replies.has(who)).toBe(true);
    return { socket, reply: replies.get(who)! };
  };
  const idle = await come("idle");
  const eager = await come("eager");
  eager.socket.resume();
  let mostKept = 0;
  for (let told = 0; told < MOST_NEWS && !idle.reply.destroyed; told++) {
    // What is written between two turns of the loop is read between them.
    await expect.poll(() => eager.reply.writableLength).toBe(0);
    await feed.push();
    mostKept = Math.max(mostKept, idle.reply.writableLength);
  }
  expect(idle.reply.destroyed).toBe(true);
  expect(eager.reply.destroyed).toBe(false);
  expect(mostKept).toBeLessThan(MAX_UNREAD_BYTES + 2 * NEWS_BYTES);
});
