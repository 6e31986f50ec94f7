// What operations cost, read from what `npm run scenario cluster-costs` measured: CPU in ms, the rest in numbers.

export type Operation = "login" | "list" | "begin" | "answer" | "first result" | "second result";

export interface Cost {
  /** Of the servers whose players are concerned, together. */
  readonly serverMs: number;
  /** Of each other server. */
  readonly hearingMs: number;
  readonly redisMs: number;
  readonly redisCommands: number;
  readonly databaseMs: number;
  readonly commits: number;
}

export interface Costs {
  readonly of: Readonly<Record<Operation, Cost>>;
  readonly heartbeatMs: number;
  /** `list` from a server's own memory. */
  readonly ownListMs: number;
  /** Of a server with nobody asking, each second. */
  readonly renewalMs: number;
  readonly commitsPerSecond: number;
  /** How many users the lists of the run had. */
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

/** Throws when a figure is not there. */
export function costsOf({ figures = [], settings = {} }: MeasuredRun): Costs {
  const figure = (name: string) => {
    const [value] = figures.find((each) => each.name === name)?.values ?? [];
    if (value === undefined) throw new Error(`the run has no figure "${name}"`);
    return value;
  };
  /** Two of the three play; the third only hears. */
  const costOf = (operation: Operation): Cost => {
    const of = (row: string) => figure(`${TABLES[operation]}, 3 servers: ${row}`);
    const hearingMs = of("of it a server that is not concerned");
    return {
      serverMs: of("CPU, servers") - hearingMs,
      hearingMs,
      redisMs: of("CPU, Redis"),
      redisCommands: of("Redis commands"),
      databaseMs: of("CPU, PostgreSQL"),
      commits: of("of them writes"),
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
    renewalMs: figure("a server, a second, with nobody asking, 3 servers: CPU, Redis"),
    commitsPerSecond: figure("alone: commits, 16 at once"),
    listedUsers: 1.25 * clients,
  };
}
