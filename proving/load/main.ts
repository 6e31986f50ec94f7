// The load that scenarios start: `lines` for any server that speaks in lines, `players` for servers of the game. Each
// line on standard input is one job as JSON; each is answered with `done` and what was measured, as JSON.
import { createInterface } from "node:readline";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { readServerAddresses, type ServerAddresses } from "../../src/client/server-addresses.ts";
import { whole } from "../../src/shared/command-line/numbers.ts";
import { type LineJob, LineLoad } from "./line-load.ts";
import { type PlayerJob, PlayerLoad } from "./player-load.ts";

const BAD_USAGE = 2;
/** Every address has to name its port. */
const NO_PORT = 0;

interface Load<Job> {
  perform(job: Job): Promise<unknown>;
  close(): void;
}

async function serveJobs<Job>(load: Load<Job>): Promise<void> {
  process.on("SIGTERM", () => {
    load.close();
    process.exit(0);
  });
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin }))
    console.log(`done ${JSON.stringify(await load.perform(JSON.parse(line) as Job))}`);
}

function serverAddresses(text: string): ServerAddresses {
  const addresses = readServerAddresses(text, NO_PORT);
  if (!addresses) throw new InvalidArgumentError("It must be host:port, or several with commas between.");
  return addresses;
}

const program = new Command("load").exitOverride();
program
  .command("lines")
  .description("send prepared lines to servers that answer lines: as many as possible, or at fixed times")
  .action(() => serveJobs<LineJob>(new LineLoad()));
program
  .command("players")
  .description("perform one operation at a time as players; their accounts are those of the bots with seed 1")
  .requiredOption("--server <addresses>", "host:port of each server, with commas between", serverAddresses)
  .requiredOption("--clients <n>", "how many accounts there are", whole(2, 100_000))
  .action(({ server, clients }: { server: ServerAddresses; clients: number }) =>
    serveJobs<PlayerJob>(new PlayerLoad(server, clients)),
  );

try {
  await program.parseAsync();
  process.exit(0);
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : BAD_USAGE);
  console.error(`The load failed: ${(error as Error).message}`);
  process.exit(1);
}
