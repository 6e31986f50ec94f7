// Players and points as JSON, read from the answers to `list` and `leaders`, so that they are right wherever the data is.
import type { FastifyInstance } from "fastify";
import { parseMessage } from "../../protocol/codec.ts";
import { PAGE_LENGTH } from "../../protocol/fields.ts";
import { controlFromServer } from "../../protocol/messages.ts";
import type { Directory } from "../directory/directory.ts";
import type { Leaderboard } from "../results/leaderboard.ts";

const DEFAULT_LIMIT = 100;

const query = {
  querystring: {
    type: "object",
    properties: {
      offset: { type: "integer", minimum: 0, maximum: 1_000_000_000, default: 0 },
      limit: { type: "integer", minimum: 1, maximum: PAGE_LENGTH, default: DEFAULT_LIMIT },
    },
  },
};

interface PageRequest {
  Querystring: { offset: number; limit: number };
}

export interface ListsSource {
  readonly directory: Pick<Directory, "page" | "servers">;
  readonly leaderboard: Pick<Leaderboard, "page">;
}

export class Lists {
  readonly #source: ListsSource;

  constructor(source: ListsSource) {
    this.#source = source;
  }

  servers() {
    return this.#source.directory.servers();
  }

  async players(offset: number, limit: number) {
    const message = read(await this.#source.directory.page(offset));
    return message.name === "listACK" ? message.users.slice(0, limit) : [];
  }

  async leaders(offset: number, limit: number) {
    const message = read(await this.#source.leaderboard.page(offset));
    return message.name === "leadersACK" ? message.scores.slice(0, limit) : [];
  }
}

export function addLists(app: FastifyInstance, lists: Lists): void {
  app.get("/api/servers", async () => ({ servers: await lists.servers() }));
  app.get<PageRequest>("/api/players", { schema: query }, async ({ query: { offset, limit } }) => {
    const players = await lists.players(offset, limit);
    return { offset, nextOffset: nextOffset(offset, limit, players), players };
  });
  app.get<PageRequest>("/api/leaders", { schema: query }, async ({ query: { offset, limit } }) => {
    const leaders = await lists.leaders(offset, limit);
    return { offset, nextOffset: nextOffset(offset, limit, leaders), leaders };
  });
}

/** null: there is no further page. */
function nextOffset(offset: number, limit: number, page: unknown[]): number | null {
  return page.length === limit ? offset + limit : null;
}

function read(line: string) {
  const parsed = parseMessage(controlFromServer, line);
  if (!parsed.ok) throw new Error(`not a message of the server: ${line.slice(0, 40)}`);
  return parsed.message;
}
