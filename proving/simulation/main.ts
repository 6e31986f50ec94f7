// The simulation program: command line → one seed printed, or many counted → summary and exit code.
import { showProgress } from "../../src/bots/progress.ts";
import { exitCodeAfter } from "../../src/shared/command-line/exit-code.ts";
import { readCommandLine, type SimulationArguments } from "./command-line.ts";
import { ManySeeds } from "./many-seeds.ts";
import { simulate } from "./simulation.ts";
import { figures } from "./totals.ts";

async function runOne(seed: number, plant: string | undefined): Promise<number> {
  const { violation } = await simulate({ seed, plant, onTrace: (line) => console.log(line) });
  console.log(violation === null ? `\nSeed ${seed} held` : `\nSeed ${seed} failed: ${violation}`);
  return violation === null ? 0 : 1;
}

async function runMany({ seeds, from, plant, jobs }: SimulationArguments): Promise<number> {
  const many = new ManySeeds({ seeds, from, plant, jobs });
  const { totals } = many;
  const progress = showProgress(() => `${totals.seedCount} of ${seeds} seeds`, process.stderr);
  const startMs = performance.now();
  await many.run().finally(() => progress.stop());
  const replay = plant === undefined ? "" : ` --plant ${plant}`;
  for (const { seed, violation } of totals.failures) {
    console.log(`Seed ${seed} failed: ${violation}`);
    console.log(`  replay it: npm run simulate -- --seed ${seed}${replay}`);
  }
  console.log(`${figures(totals)}, in ${((performance.now() - startMs) / 1_000).toFixed(1)} s`);
  return totals.failures.length === 0 ? 0 : 1;
}

try {
  const asked = readCommandLine(process.argv.slice(2));
  process.exitCode = await (asked.seed === undefined ? runMany(asked) : runOne(asked.seed, asked.plant));
} catch (error) {
  process.exitCode = exitCodeAfter(error, ({ message }) => `The simulation failed: ${message}`);
}
