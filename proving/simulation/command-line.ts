// The simulation's command line.
import { Command, Option } from "commander";
import { whole } from "../../src/shared/command-line/numbers.ts";
import { plants } from "./plants.ts";

export interface SimulationAsked {
  /** One run, told as it goes. */
  seed?: number;
  seeds: number;
  from: number;
  plant?: string;
  jobs?: number;
}

const MAX_SEED = 4_294_967_295;

/** Throws a CommanderError when the words make no sense, after it has told the user. */
export function readCommandLine(args: readonly string[]): SimulationAsked {
  const planted = Object.entries(plants).map(([name, { what }]) => `${name} (${what})`);
  return new Command("npm run simulate --")
    .description(
      "Runs the shipped server and clients in a simulated world of crashes, losses and delays, drawn from a seed, and looks whether anything is lost, doubled or never settled.",
    )
    .addOption(
      new Option("--seed <n>", "replays this one, and tells what happens")
        .argParser(whole(0, MAX_SEED))
        .conflicts(["seeds", "from"]),
    )
    .option("--seeds <n>", "runs so many", whole(1, 100_000_000), 1_000)
    .option("--from <n>", "the first of them", whole(0, MAX_SEED), 1)
    .addOption(
      new Option("--plant <bug>", `with a known bug: ${planted.join(", ")}`).choices(Object.keys(plants)),
    )
    .option("--jobs <n>", "so many at a time (default: one a core)", whole(1, 256))
    .exitOverride()
    .parse(args, { from: "user" })
    .opts<SimulationAsked>();
}
