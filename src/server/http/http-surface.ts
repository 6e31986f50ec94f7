// The HTTP surface (`--http`): health, metrics, lists as JSON and the live page, for the operator. It is read-only and
// takes little of the resources that players need.
import { isIP } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { cannotListen } from "../ports.ts";
import { addHealth, Health } from "./health.ts";
import { addLists, Lists, type ListsSource } from "./lists.ts";
import { LiveFeed } from "./live-feed.ts";
import { LiveView } from "./live-view.ts";
import { type CountedSource, Metrics } from "./metrics.ts";
import { Pace } from "./pace.ts";
import { addLivePage } from "./page/live-page.ts";

const MAX_CONNECTIONS = 128;
const MAX_HEADER_BYTES = 8_192;
const MAX_BODY_BYTES = 1_024;
const REQUEST_LIMIT_MS = 5_000;
/** How late the limit may be noticed; Node looks every 30 s by default. */
const LIMIT_CHECK_MS = 500;
const KEEP_ALIVE_MS = 10_000;

export interface HttpAddress {
  host: string;
  /** 0: a free one. */
  port: number;
}

export interface HttpSurface {
  readonly url: string;
  /** From now on it says that the server is not ready. */
  announceEnd(): void;
  close(): Promise<void>;
}

const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/** Throws StartupError when it cannot listen. */
export async function openHttpSurface(
  address: HttpAddress,
  source: CountedSource & ListsSource,
): Promise<HttpSurface> {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_LIMIT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: REQUEST_LIMIT_MS,
      connectionsCheckingInterval: LIMIT_CHECK_MS,
    },
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  const pace = new Pace();
  const lists = new Lists(source);
  const metrics = new Metrics(source);
  const feed = new LiveFeed(new LiveView(source, lists));
  checkHostAndPace(app, address.host, pace);
  const health = new Health(source.log.totals);
  addHealth(app, health);
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  addLists(app, lists);
  addLivePage(app);
  app.get("/events", (_request, reply) => feed.admit(reply));
  try {
    await app.listen(address);
  } catch (cause) {
    await app.close();
    throw cannotListen({ ...address, hostOption: "--http-host" }, cause);
  }
  metrics.start();
  feed.start();
  const close = async () => {
    metrics.stop();
    feed.stop();
    pace.stop();
    await app.close();
  };
  return { url: urlOf(app), announceEnd: () => health.announceEnd(), close };
}

function checkHostAndPace(app: FastifyInstance, host: string, pace: Pace): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    // Against DNS rebinding: a page elsewhere whose name points here could read everything, so names are refused.
    const { hostname } = request;
    const isOurs = hostname === "localhost" || hostname === host || isIP(hostname.replace(/[[\]]/g, "")) > 0;
    if (!isOurs)
      return reply.code(421).send({ error: "Ask by this machine's address, not by another name." });
    await pace.turn();
  });
}

function urlOf(app: FastifyInstance): string {
  const bound = app.server.address();
  if (bound === null || typeof bound === "string") throw new Error("the HTTP surface does not listen");
  const host = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return `http://${host}:${bound.port}/`;
}
