// The server's command line: whether to serve or to import users, and how.
import { Command, InvalidArgumentError, Option } from "commander";
import {
  addressOption,
  databaseAddress,
  presenceAddress,
  readAddress,
} from "../shared/command-line/address.ts";
import { whole } from "../shared/command-line/numbers.ts";
import { programVersion } from "../shared/command-line/program-version.ts";
import { typedCommand } from "../shared/command-line/typed-command.ts";
import { DEFAULT_HASH_QUEUE } from "./accounts/password-hasher.ts";
import { DEFAULT_CONNECTIONS_PER_ADDRESS } from "./connections/unauthenticated-connections.ts";
import { defaultGrowthLimits } from "./growth-limits.ts";
import type { ServerOptions } from "./server.ts";
import type { StorePlace } from "./store/open-store.ts";

const LOOPBACK = "127.0.0.1";

export type ServerCommand = { kind: "serve"; server: ServerOptions } | ImportUsers;

export interface ImportUsers {
  kind: "import-users";
  file: string;
  place: StorePlace;
  minPasswordLength: number;
}

interface ServerFlags {
  host?: string;
  data: string;
  database?: string;
  presence?: string;
  certs: string;
  heartbeat: number;
  matchPatience: number;
  moveLimit: number;
  minPasswordLength: number;
  attemptLimits: "on" | "off";
  connectionsPerAddress: number;
  hashQueue: number;
  matchesPerHour: number;
  loginsPerHour: number;
  accountsPerDay: number;
  logKeep?: number;
  http?: number;
  httpHost?: string;
}

/** Throws a CommanderError for `--help`, `--version` and bad usage, after printing what the user needs to know. */
export function readCommandLine(args: readonly string[]): ServerCommand {
  const asked: ServerCommand[] = [];
  const program = commandLine((each) => asked.push(each)).parse(args, { from: "user" });
  return asked[0] ?? program.error("error: nothing was asked");
}

function commandLine(onAsked: (asked: ServerCommand) => void): Command {
  const program = new Command(typedCommand("server"))
    .description(
      "The velha server: accounts, presence, invitations, results. Matches run between the players.",
    )
    .version(programVersion())
    .argument("[port]", "the main port; 0 takes a free one", whole(0, 65_535), 3000)
    .option("--host <host>", "the address to listen on (default: all interfaces)")
    .option("--data <folder>", "the folder of accounts, results and log.txt", "data")
    .addOption(addressOption(databaseAddress, "store accounts and results there"))
    .addOption(
      addressOption(
        presenceAddress,
        "with --database: run one of several servers, whose users find each other there",
      ),
    )
    .option("--certs <folder>", "the folder of the TLS certificate and its key", "certs")
    .option("--heartbeat <seconds>", "the time between two pings to a client", seconds, 10)
    .option("--match-patience <seconds>", "how long a match waits for a player who is gone", seconds, 180)
    .option("--move-limit <seconds>", "how long a player may think in a dispute", whole(1, 86_400), 60)
    .option("--min-password-length <bytes>", "the shortest new password", whole(1, 128), 8)
    .addOption(
      new Option(
        "--attempt-limits <on|off>",
        "off: no limit on logins, new users and matches, for load tests",
      )
        .choices(["on", "off"])
        .default("on"),
    )
    .option(
      "--matches-per-hour <n>",
      "matches of one user in an hour; beyond it the answer is TRY_LATER",
      whole(1, 1_000_000_000),
      defaultGrowthLimits.matchesPerUserAndHour,
    )
    .option(
      "--logins-per-hour <n>",
      "logins of one user in an hour; beyond it the answer is TRY_LATER",
      whole(1, 1_000_000_000),
      defaultGrowthLimits.loginsPerUserAndHour,
    )
    .option(
      "--accounts-per-day <n>",
      "new accounts in a day, a tenth of them from one address; beyond it the answer is TRY_LATER",
      whole(1, 1_000_000_000),
      defaultGrowthLimits.accountsPerDay,
    )
    .option(
      "--connections-per-address <n>",
      "unauthenticated connections allowed per address; beyond it the oldest is closed",
      whole(1, 1_000_000),
      DEFAULT_CONNECTIONS_PER_ADDRESS,
    )
    .option(
      "--hash-queue <n>",
      "passwords that may wait to be hashed; beyond it the answer is TRY_LATER",
      whole(1, 1_000_000),
      DEFAULT_HASH_QUEUE,
    )
    .option(
      "--log-keep <days>",
      "start a new log.txt each day, and delete older ones after that many days (default: one file, for good)",
      whole(1, 36_500),
    )
    .option(
      "--http <port>",
      "also serve a live page, metrics and JSON on this port; 0 takes a free one",
      whole(0, 65_535),
    )
    .option(
      "--http-host <host>",
      `the address of --http; everybody who can reach it sees who plays (default: ${LOOPBACK})`,
    )
    .exitOverride()
    .hook("preAction", (_, action) => readAddresses(action))
    .action((port: number) =>
      onAsked({ kind: "serve", server: serverOptions(port, program.opts<ServerFlags>()) }),
    );
  program
    .command("import-users <file>")
    .description("import a users.txt: name, password and optionally points on each line, separated by tabs")
    .action((file: string, _flags: unknown, command: Command) => {
      const { data, database, minPasswordLength } = command.optsWithGlobals<ServerFlags>();
      const place = { dataDirectory: data, database };
      onAsked({ kind: "import-users", file, place, minPasswordLength });
    });
  return program;
}

function serverOptions(port: number, flags: ServerFlags): ServerOptions {
  return {
    host: flags.host,
    port,
    dataDirectory: flags.data,
    database: flags.database,
    presence: flags.presence,
    certsDirectory: flags.certs,
    heartbeatMs: Math.round(flags.heartbeat * 1_000),
    abandonAfterMs: Math.round(flags.matchPatience * 1_000),
    moveLimitSeconds: flags.moveLimit,
    minPasswordLength: flags.minPasswordLength,
    connectionsPerAddress: flags.connectionsPerAddress,
    hashQueue: flags.hashQueue,
    attemptLimits: flags.attemptLimits === "on" ? {} : null,
    growthLimits: {
      matchesPerUserAndHour: flags.matchesPerHour,
      loginsPerUserAndHour: flags.loginsPerHour,
      accountsPerDay: flags.accountsPerDay,
    },
    logKeepDays: flags.logKeep,
    http: flags.http === undefined ? undefined : { host: flags.httpHost ?? LOOPBACK, port: flags.http },
  };
}

/** Reads addresses from where they are. Prints what is wrong with them, if anything, and ends the program. */
function readAddresses(command: Command): void {
  for (const [key, form] of [
    ["database", databaseAddress],
    ["presence", presenceAddress],
  ] as const) {
    const owner = command.parent ?? command;
    const read = readAddress(owner.getOptionValue(key) as string | undefined, form);
    if (!read.ok) command.error(read.problem);
    owner.setOptionValue(key, read.address);
  }
  const { database, presence, http, httpHost } = command.optsWithGlobals<ServerFlags>();
  if (presence !== undefined && database === undefined)
    command.error("error: servers that share --presence share their accounts too: name a --database");
  if (httpHost !== undefined && http === undefined)
    command.error("error: --http-host says where --http listens: give both, as --http 8080 --http-host ::");
}

function seconds(text: string): number {
  const number = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && number >= 0.1 && number <= 3_600) return number;
  throw new InvalidArgumentError("It must be a number of seconds from 0.1 to 3600.");
}
