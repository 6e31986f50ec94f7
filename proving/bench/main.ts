// The benchmark of the store: command line → operations on a store → a table.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { openStoreAt } from "../../src/server/store/open-store.ts";
import { databaseAddress, exampleOf, whyNoAddress } from "../../src/shared/command-line/address.ts";
import { exitCodeAfter } from "../../src/shared/command-line/exit-code.ts";
import { whole } from "../../src/shared/command-line/numbers.ts";
import { watchSockets } from "../load/socket-bytes.ts";
import { heading, measure, rowOf } from "./store-bench.ts";
import { operationsOn } from "./store-operations.ts";

interface Flags {
  database?: string;
  seconds: number;
  atOnce: number;
}

async function bench({ database, seconds, atOnce }: Flags, command: Command): Promise<void> {
  const problem = database === undefined ? null : whyNoAddress(database, databaseAddress);
  if (problem !== null) command.error(problem);
  const bytes = watchSockets();
  const dataDirectory = mkdtempSync(join(tmpdir(), "velha-bench-"));
  const store = await openStoreAt({ dataDirectory, database });
  try {
    // The matches that the benchmark leaves behind are useless to a server.
    if ((await store.scores()).length > 0)
      throw new Error("the database has accounts; give an empty one with --database");
    const operations = await operationsOn(store);
    console.log(heading);
    for (const operation of operations) {
      const alone = { atOnce: 1, durationMs: seconds * 500, firstNumber: 0 };
      const first = await measure(operation, alone, bytes);
      console.log(rowOf(first));
      const together = { atOnce, durationMs: seconds * 1_000, firstNumber: first.count };
      console.log(rowOf(await measure(operation, together, bytes)));
    }
  } finally {
    await store.close();
    rmSync(dataDirectory, { recursive: true });
  }
}

const program = new Command("npm run bench:store --")
  .description(
    "How many logins, matches and results the store handles per second, each on disk before it is acknowledged.",
  )
  .option(
    "--database <address>",
    `an empty database, ${exampleOf(databaseAddress)} (default: a file in a temporary folder)`,
  )
  .option("--seconds <n>", "how long to measure each operation", whole(1, 600), 3)
  .option("--at-once <n>", "how many requests are under way at the same time", whole(1, 10_000), 64)
  .exitOverride()
  .action(bench);

try {
  await program.parseAsync();
  process.exit(0);
} catch (error) {
  process.exit(exitCodeAfter(error, ({ message }) => `The benchmark failed: ${message}`));
}
