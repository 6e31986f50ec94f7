// The torture's command line.
import { Command } from "commander";
import { whole } from "../../src/shared/command-line/numbers.ts";

export interface TortureAsked {
  kills: number;
  seed: number;
  clients: number;
  residents: number;
  /** With both: so many servers of one game. */
  database?: string;
  presence?: string;
  servers: number;
  json?: string;
}

/** Throws a CommanderError when the words make no sense, after it has told the user. */
export function readCommandLine(args: readonly string[]): TortureAsked {
  const command = new Command("npm run torture --")
    .description(
      "Kills a busy server again and again (kill -9), then looks whether anything that it acknowledged is missing or was counted twice.",
    )
    .option("--kills <n>", "how often; about one a second", whole(1, 100_000), 30)
    .option("--seed <n>", "the same seed, the same kills and the same users", whole(0, 4_294_967_295), 1)
    .option("--clients <n>", "so many users at a time keep it busy", whole(2, 1_000), 16)
    .option("--residents <n>", "so many others have an account from the beginning", whole(0, 1_000_000), 0)
    .option("--database <url>", "postgres://…, empty: kills the servers of one game in turn")
    .option("--presence <url>", "redis://…, the other thing that these share")
    .option("--servers <n>", "how many of them", whole(1, 20), 3)
    .option("--json <file>", "also writes the report there")
    .exitOverride()
    .parse(args, { from: "user" });
  const asked = command.opts<TortureAsked>();
  const { database, presence, residents } = asked;
  if ((database === undefined) !== (presence === undefined))
    command.error("error: --database and --presence go together: servers of one game share both");
  if (database !== undefined && residents > 0)
    command.error("error: --residents are for one server with its own file, not for --database");
  return asked;
}
