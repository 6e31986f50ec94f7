// So many of one operation, on one or several servers, for whoever measures what it costs them. Each line it is given is
// a job as JSON; it answers each with a line that begins with `done` and says what came of it.
import { createInterface } from "node:readline";
import { Command, InvalidArgumentError } from "commander";
import { planCrowd } from "../../src/bots/schedule.ts";
import { readServerAddresses, type ServerAddresses } from "../../src/client/server-addresses.ts";
import { whole } from "../../src/shared/command-line/numbers.ts";
import { watchSockets } from "../bench/socket-bytes.ts";
import { BarePlayer } from "./bare-player.ts";
import { accept, begin, type Pair, reportLoss, reportWin } from "./match-of-two.ts";

interface Job {
  operation: keyof typeof operations;
  count: number;
  atOnce: number;
}

const NO_PORT = 0;
const program = new Command("node dist/src/load/main.js")
  .description(
    "Performs so many of one operation for each line that asks for it; its players are the bots of seed 1.",
  )
  .requiredOption("--server <addresses>", "host:port of each server, with commas between", (text) => {
    const addresses = readServerAddresses(text, NO_PORT);
    if (!addresses) throw new InvalidArgumentError("It must be host:port, or several with commas between.");
    return addresses;
  })
  .requiredOption("--clients <n>", "how many accounts there are", whole(2, 100_000))
  .parse();
const { server: servers, clients } = program.opts<{ server: ServerAddresses; clients: number }>();
const { members } = planCrowd({ seed: 1, clients, matches: 0, rampPerSecond: 1 });
const players: BarePlayer[] = [];

const operations = {
  /** Each on the next server. */
  async login(number: number) {
    const member = members[number];
    if (!member) throw new Error(`there are only ${members.length} accounts`);
    const server = servers[number % servers.length] ?? servers[0];
    players[number] = await BarePlayer.login(member.name, member.password, server);
  },
  list: (number: number) => players[number % players.length]?.control.asks("list", "listACK"),
  begin: (number: number) => begin(pairAt(number)),
  accept: (number: number) => accept(pairAt(number)),
  "report win": (number: number) => reportWin(pairAt(number)),
  "report loss": (number: number) => reportLoss(pairAt(number)),
};

/** Neighbours: they are on two servers wherever there are two. */
function pairAt(number: number): Pair {
  const [x, o] = players.slice(2 * number, 2 * number + 2);
  if (!x || !o) throw new Error(`pair ${number} has not logged in`);
  return { x, o };
}

const performed = new Map<string, number>();

async function perform({ operation, count, atOnce }: Job): Promise<void> {
  let next = performed.get(operation) ?? 0;
  const end = next + count;
  performed.set(operation, end);
  const goOn = async () => {
    while (next < end) await operations[operation](next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, goOn));
}

process.on("SIGTERM", () => {
  for (const player of players) player.leave();
  process.exit(0);
});
const bytes = watchSockets();
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const before = bytes();
  const startMs = performance.now();
  await perform(JSON.parse(line) as Job);
  const tookMs = performance.now() - startMs;
  const after = bytes();
  const [sent, received] = [after.sent - before.sent, after.received - before.received];
  console.log(`done ${JSON.stringify({ tookMs, sent, received })}`);
}
