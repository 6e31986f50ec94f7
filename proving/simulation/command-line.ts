// The simulation's command line.
import { Command, Option } from "commander";
import { whole } from "../../src/shared/command-line/numbers.ts";
import { plantedBugs } from "./planted-bugs.ts";

export interface SimulationArguments {
  /** Plays this seed alone and prints every event. */
  seed?: number;
  seeds: number;
  from: number;
  plant?: string;
  jobs?: number;
}

const MAX_SEED = 4_294_967_295;

/** Throws a CommanderError on bad usage, after printing why. */
export function readCommandLine(args: readonly string[]): SimulationArguments {
  const planted = Object.entries(plantedBugs).map(([name, { what }]) => `${name} (${what})`);
  return new Command("npm run simulate --")
    .description(
      "Runs the shipped server and clients in a simulated world of crashes, losses and delays, drawn from a seed, and checks that nothing is lost, counted twice or left unsettled.",
    )
    .addOption(
      new Option("--seed <n>", "replay this seed and print every event")
        .argParser(whole(0, MAX_SEED))
        .conflicts(["seeds", "from"]),
    )
    .option("--seeds <n>", "how many seeds to run", whole(1, 100_000_000), 1_000)
    .option("--from <n>", "the first seed", whole(0, MAX_SEED), 1)
    .addOption(
      new Option("--plant <bug>", `plant a known bug: ${planted.join(", ")}`).choices(
        Object.keys(plantedBugs),
      ),
    )
    .option("--jobs <n>", "how many seeds run at the same time (default: one per core)", whole(1, 256))
    .exitOverride()
    .parse(args, { from: "user" })
    .opts<SimulationArguments>();
}
