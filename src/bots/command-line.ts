// The bots' command line: which kind of bots, and how.
import { Command, InvalidArgumentError } from "commander";
import type { ServerAddress } from "../client/links/server-connection.ts";
import { readServerAddresses, type ServerAddresses } from "../client/server-addresses.ts";
import { notNegative, port, positive, whole } from "../shared/command-line/numbers.ts";
import { programVersion } from "../shared/command-line/program-version.ts";
import { typedCommand } from "../shared/command-line/typed-command.ts";
import type { CrowdOptions } from "./crowd.ts";

const DEFAULT_SERVER: ServerAddress = { host: "127.0.0.1", port: 3000 };
const DEFAULT_RAMP_PER_SECOND = 100;
const DEFAULT_LOOK_SECONDS = 10;

interface Flags {
  opponent?: boolean;
  name?: string;
  password?: string;
  cert?: string;
  server?: ServerAddresses;
  clients?: number;
  matches: number;
  seed: number;
  ramp: number;
  look?: number;
  think: number;
  for?: number;
  json?: string;
  latencies?: string;
  accounts?: string;
  hashed: boolean;
  registered: boolean;
}

export type BotsCommand =
  | {
      kind: "opponent";
      server: ServerAddress;
      cert: string | undefined;
      name: string | undefined;
      password: string | undefined;
    }
  | {
      kind: "crowd";
      crowd: CrowdOptions;
      cert: string | undefined;
      json: string | undefined;
      latencies: string | undefined;
      accounts: string | undefined;
      isHashed: boolean;
    };

/** Throws a CommanderError for `--help`, `--version` and bad usage, after printing what the user needs to know. */
export function readCommandLine(args: readonly string[]): BotsCommand {
  const program = commandLine().parse(args, { from: "user" });
  const flags = program.opts<Flags>();
  if ((flags.opponent === true) === (flags.clients !== undefined)) {
    program.error("error: choose --opponent or --clients <n>");
  }
  const [host, givenPort] = program.processedArgs as [string | undefined, number | undefined];
  if (host !== undefined && flags.server)
    program.error("error: name the server either as an argument or by --server");
  const named = host === undefined ? DEFAULT_SERVER : { host, port: givenPort ?? DEFAULT_SERVER.port };
  const [server, ...otherServers] = flags.server ?? [named];
  if (flags.clients === undefined) {
    return { kind: "opponent", server, cert: flags.cert, name: flags.name, password: flags.password };
  }
  const { clients, matches, seed } = flags;
  if (matches > 0 && clients < 2) program.error("error: a match needs two clients");
  // Idle clients ask nothing unless --look says so.
  const lookSeconds = flags.look ?? (matches > 0 ? DEFAULT_LOOK_SECONDS : 0);
  const crowd: CrowdOptions = {
    server,
    otherServers,
    seed,
    clients,
    matches,
    isRegistered: flags.registered,
    rampPerSecond: flags.ramp,
    meanLookPauseMs: lookSeconds === 0 ? null : lookSeconds * 1_000,
    thinkMs: flags.think * 1_000,
    limitMs: flags.for === undefined ? null : flags.for * 1_000,
  };
  const { cert, json, latencies, accounts, hashed } = flags;
  return { kind: "crowd", crowd, cert, json, latencies, accounts, isHashed: hashed };
}

function commandLine(): Command {
  return new Command(typedCommand("bots"))
    .description(
      "Players without a prompt: one --opponent to play against, until Ctrl-C, or a crowd of --clients that measures the server.",
    )
    .argument("[host]", `the server's address or name (default: ${DEFAULT_SERVER.host})`)
    .argument("[port]", `the server's main port (default: ${DEFAULT_SERVER.port})`, port)
    .option("--server <host:port,…>", "the same as one word, or all servers of a game", readServers)
    .option("--cert <file>", "the server's certificate (PEM); otherwise the first one it shows is trusted")
    .option("--opponent", "one player who accepts every invitation and plays well")
    .option("--name <user>", "the opponent's name (default: bot, or one like it)")
    .option("--password <password>", "the opponent's password (default: a new one for a new user)")
    .option("--clients <n>", "the number of clients, all in this process", whole(1, 1_000_000))
    .option(
      "--matches <n>",
      "the number of matches that they play in all; 0: they stay idle",
      whole(0, 100_000_000),
      0,
    )
    .option(
      "--seed <n>",
      "the same seed gives the same names, pairings and moves",
      whole(0, 4_294_967_295),
      1,
    )
    .option("--ramp <n>", "clients that connect per second", positive, DEFAULT_RAMP_PER_SECOND)
    .option(
      "--look <seconds>",
      "how often each client lists users or leaders; 0: never (default: 10, for idle clients 0)",
      notNegative,
    )
    .option("--think <seconds>", "how long they think about each move", notNegative, 0)
    .option("--for <seconds>", "ends at the latest this long after everybody has logged in", positive)
    .option("--registered", "their accounts exist already: they log in at once", false)
    .option("--json <file>", "also writes the report to this file")
    .option("--latencies <file>", "also writes every latency to this file, as CSV")
    .option(
      "--accounts <file>",
      "only writes the crowd's accounts to this file, for the server's import-users",
    )
    .option("--hashed", "with --accounts: writes cheap hashes instead of passwords", false)
    .version(programVersion(), "--version", "print the version")
    .exitOverride();
}

function readServers(text: string): ServerAddresses {
  const servers = readServerAddresses(text, DEFAULT_SERVER.port);
  if (!servers) throw new InvalidArgumentError("It looks like localhost:3000, or a:3000,b:3000.");
  return servers;
}
