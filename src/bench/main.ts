// The store's bench: command line → operations on a store → a table.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { whole } from "../bots/whole-number.ts";
import { openStoreAt } from "../server/store/open-store.ts";
import { heading, measure, rowOf } from "./store-bench.ts";
import { operationsOn } from "./store-operations.ts";

const BAD_USAGE = 2;

interface Flags {
  database?: string;
  seconds: number;
  atOnce: number;
}

async function bench({ database, seconds, atOnce }: Flags): Promise<void> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "velha-bench-"));
  const store = await openStoreAt({ dataDirectory, database });
  try {
    const operations = await operationsOn(store);
    console.log(heading);
    for (const operation of operations) {
      const alone = await measure(operation, { atOnce: 1, durationMs: seconds * 500 }, 0);
      console.log(rowOf(alone));
      const together = await measure(operation, { atOnce, durationMs: seconds * 1_000 }, alone.count);
      console.log(rowOf(together));
    }
  } finally {
    await store.close();
    rmSync(dataDirectory, { recursive: true });
  }
}

const program = new Command("npm run bench:store --")
  .description(
    "How many logins, matches and results a second the store takes, each on disk before it is answered.",
  )
  .option(
    "--database <address>",
    "postgres://user:password@host:port/name; without it a file in a temporary folder",
  )
  .option("--seconds <n>", "how long each operation is measured", whole(1, 600), 3)
  .option("--at-once <n>", "how many are asked at the same time", whole(1, 10_000), 64)
  .exitOverride()
  .action(bench);

try {
  await program.parseAsync();
  process.exit(0);
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : BAD_USAGE);
  console.error(`The bench failed: ${(error as Error).message}`);
  process.exit(1);
}
