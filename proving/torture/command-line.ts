// The torture's command line.
import { Command } from "commander";
import { whole } from "../../src/shared/command-line/numbers.ts";

export interface TortureArguments {
  kills: number;
  seed: number;
  clients: number;
  existingAccounts: number;
  /** With both, several servers of one game are killed. */
  database?: string;
  presence?: string;
  servers: number;
  json?: string;
}

/** Throws a CommanderError on bad usage, after printing why. */
export function readCommandLine(args: readonly string[]): TortureArguments {
  const command = new Command("npm run torture --")
    .description(
      "Kills a busy server again and again (kill -9), then checks that nothing it acknowledged is missing or was counted twice.",
    )
    .option("--kills <n>", "how many kills, about one a second", whole(1, 100_000), 30)
    .option("--seed <n>", "the same seed plans the same kills and users", whole(0, 4_294_967_295), 1)
    .option("--clients <n>", "how many users keep it busy at the same time", whole(2, 1_000), 16)
    .option(
      "--existing-accounts <n>",
      "how many other accounts exist from the beginning",
      whole(0, 1_000_000),
      0,
    )
    .option("--database <url>", "an empty database, postgres://…: kills several servers of one game in turn")
    .option("--presence <url>", "the Redis that these servers share, redis://…")
    .option("--servers <n>", "how many servers, with --database", whole(1, 20), 3)
    .option("--json <file>", "also write the report to this file")
    .exitOverride()
    .parse(args, { from: "user" });
  const asked = command.opts<TortureArguments>();
  const { database, presence, existingAccounts } = asked;
  if ((database === undefined) !== (presence === undefined))
    command.error("error: --database and --presence go together: servers of one game share both");
  if (database !== undefined && existingAccounts > 0)
    command.error("error: --existing-accounts is for one server with its own file, not for --database");
  return asked;
}
