// `/events`: updates of the live page, pushed to a bounded number of readers. A slow reader is disconnected and reconnects.
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import type { LivePeople, LiveSample } from "./page/browser/live-data.ts";

export const MAX_READERS = 32;
/** Of one reader. */
export const MAX_UNREAD_BYTES = 262_144;
const PERIOD_MS = 1_000;

/** What the feed pushes. */
export interface LiveSource {
  /** The last ones, the newest at the end. */
  readonly samples: readonly LiveSample[];
  takeSample(): LiveSample;
  people(): Promise<LivePeople>;
  start(): void;
  stop(): void;
}

export class LiveFeed {
  readonly #source: LiveSource;
  readonly #readers = new Set<ServerResponse>();
  #lastPeople = "";
  #timer: NodeJS.Timeout | null = null;

  constructor(source: LiveSource) {
    this.#source = source;
  }

  start(): void {
    this.#source.start();
    this.#source.takeSample();
    this.#timer = setInterval(() => void this.push(), PERIOD_MS);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#source.stop();
    for (const reader of this.#readers) reader.end();
  }

  /** The reply goes on until its reader leaves. */
  async admit(reply: FastifyReply): Promise<FastifyReply> {
    if (this.#readers.size >= MAX_READERS)
      return reply.code(503).send({ error: `${MAX_READERS} pages are open already; close one of them.` });
    const reader = reply.raw;
    this.#readers.add(reader);
    reader.on("close", () => this.#readers.delete(reader));
    reader.on("error", () => {});
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value) reader.setHeader(name, value);
    reader.writeHead(200, { "content-type": "text/event-stream" });
    reader.write(event("history", this.#source.samples));
    const people = await this.#people().catch(() => null);
    if (people !== null && !reader.destroyed) reader.write(people);
    return reply;
  }

  /** Once a second. */
  async push(): Promise<void> {
    const news = event("sample", this.#source.takeSample());
    if (this.#readers.size === 0) return;
    this.#send(news);
    const people = await this.#people().catch(() => null);
    if (people === null || people === this.#lastPeople) return;
    this.#lastPeople = people;
    this.#send(people);
  }

  /** Rejects while the directory or the leaderboard does not answer; the next second tries again. */
  async #people(): Promise<string> {
    return event("people", await this.#source.people());
  }

  #send(text: string): void {
    for (const reader of this.#readers) {
      if (reader.writableLength > MAX_UNREAD_BYTES) reader.destroy();
      else reader.write(text);
    }
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
