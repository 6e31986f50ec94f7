// The routing program: measured costs and the habits of players → a table of what each size of the game needs.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { exitCodeAfter } from "../../src/shared/command-line/exit-code.ts";
import { whole } from "../../src/shared/command-line/numbers.ts";
import { costsOf, type MeasuredRun } from "./costs.ts";
import { hashCores, PARTS } from "./needs.ts";
import { asItIs, changed, type Plan } from "./plans.ts";

const SIZES = [10_000, 1_000_000, 100_000_000];

interface Flags {
  costs: string;
  seed: number;
  logins: number;
  matches: number;
  lists: number;
  locality: number;
}

function measured(file: string): MeasuredRun {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as MeasuredRun;
  } catch (cause) {
    throw new Error(`${file} cannot be read; measure first: npm run scenario cluster-costs -- --full`, {
      cause,
    });
  }
}

const round = (value: number) =>
  value.toLocaleString("en-US", { maximumSignificantDigits: 2, maximumFractionDigits: 2 });
const percent = (part: number) => `${round(100 * part)} %`;
const used = (use: number) => (use < 10 ? percent(use) : `${round(use)} ×`);

const heading = [
  "players",
  "",
  "servers",
  "Redis",
  "PostgreSQL",
  "matches/s",
  "across servers",
  "Redis commands/s",
  "commits/s",
  "cores for hashes",
  "use: a server",
  "of which news",
  "Redis",
  "PostgreSQL",
  "its connections",
];

/** The part that is used most is in bold. */
function rowOf(title: string, { cluster, load, parts }: Plan): string[] {
  const { players, servers, redisShards, databases } = cluster;
  const counts = [servers, redisShards, databases].map((count) => count.toLocaleString("en-US"));
  const [server, ...others] = PARTS.map((name) => {
    const use = parts.find((part) => part.name === name)?.use ?? 0;
    return name === parts[0]?.name ? `**${used(use)}**` : used(use);
  });
  return [
    players.toLocaleString("en-US"),
    title,
    ...counts,
    round(load.matches),
    percent(load.matchesAcross / load.matches),
    round(load.redisCommands),
    round(load.commits),
    round(hashCores(load)),
    server ?? "",
    used(load.newsMs / 1_000),
    ...others,
  ];
}

function simulate({ costs: file, seed, ...flags }: Flags): void {
  const costs = costsOf(measured(file));
  const habits = { ...flags, locality: flags.locality / 100 };
  const rows = SIZES.flatMap((players) => {
    const asked = { players, habits, costs, seed };
    return [rowOf("as it is", asItIs(asked)), rowOf("changed", changed(asked))];
  });
  for (const row of [heading, heading.map(() => "---"), ...rows]) console.log(`| ${row.join(" | ")} |`);
}

const program = new Command("npm run simulate-routing --")
  .description("What 10 thousand, 1 million and 100 million players, all online, need of each part.")
  .option("--costs <file>", "result of npm run scenario cluster-costs", "reports/cluster-costs/result.json")
  .option("--seed <n>", "seed of who plays whom", whole(0, 1_000_000), 1)
  .option("--logins <n>", "per player and hour", whole(0, 1_000), 1)
  .option("--matches <n>", "per player and hour", whole(0, 1_000), 6)
  .option("--lists <n>", "per player and hour", whole(0, 1_000), 12)
  .option("--locality <percent>", "share of opponents chosen on the own server", whole(0, 100), 0)
  .exitOverride()
  .action(simulate);

try {
  program.parse();
} catch (error) {
  process.exitCode = exitCodeAfter(error, ({ message }) => `The simulation failed: ${message}`);
}
