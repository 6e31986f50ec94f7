// The costs of operations, read from a result of `npm run scenario cluster-costs`: CPU in ms, everything else in counts.

export type Operation = "login" | "list" | "begin" | "answer" | "first result" | "second result";

export interface Cost {
  /** CPU of the servers whose players take part, together. */
  readonly serverMs: number;
  /** CPU of each other server, which hears of the operation. */
  readonly hearingMs: number;
  readonly redisMs: number;
  readonly redisCommands: number;
  readonly databaseMs: number;
  readonly commits: number;
}

export interface Costs {
  readonly of: Readonly<Record<Operation, Cost>>;
  readonly heartbeatMs: number;
  /** CPU of a `list` answered from a server's own memory. */
  readonly ownListMs: number;
  /** CPU of Redis for one idle server, per second. */
  readonly renewalMs: number;
  readonly commitsPerSecond: number;
  /** The number of users in the lists of the run. */
  readonly listedUsers: number;
}

export interface MeasuredRun {
  settings?: Record<string, number>;
  figures?: { name: string; values: number[] }[];
}

const TABLES: Record<Operation, string> = {
  login: "login, without the password's hash",
  list: "list",
  begin: "begin, until beginACK",
  answer: "answer, until both have the ticket",
  "first result": "result, the first report",
  "second result": "result, the second report",
};

/** Throws when a figure is missing. */
export function costsOf({ figures = [], settings = {} }: MeasuredRun): Costs {
  const figure = (name: string) => {
    const [value] = figures.find((each) => each.name === name)?.values ?? [];
    if (value === undefined) throw new Error(`the run has no figure "${name}"`);
    return value;
  };
  /** Two of the three servers have players; the third only hears of them. */
  const costOf = (operation: Operation): Cost => {
    const of = (row: string) => figure(`${TABLES[operation]}, 3 servers: ${row}`);
    const hearingMs = of("of which a server without players");
    return {
      serverMs: of("CPU, servers") - hearingMs,
      hearingMs,
      redisMs: of("CPU, Redis"),
      redisCommands: of("Redis commands"),
      databaseMs: of("CPU, PostgreSQL"),
      commits: of("of which writes"),
    };
  };
  const clients = settings.clients ?? 0;
  return {
    of: {
      login: costOf("login"),
      list: costOf("list"),
      begin: costOf("begin"),
      answer: costOf("answer"),
      "first result": costOf("first result"),
      "second result": costOf("second result"),
    },
    heartbeatMs: figure("heartbeat, embedded: CPU, servers"),
    ownListMs: figure(`${TABLES.list}, embedded: CPU, servers`),
    renewalMs: figure("an idle server, per second, 3 servers: CPU, Redis"),
    commitsPerSecond: figure("alone: commits, 16 at once"),
    listedUsers: 1.25 * clients,
  };
}
