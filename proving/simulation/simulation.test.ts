import { describe, expect, it } from "vitest";
import { plantedBugs } from "./planted-bugs.ts";
import { type SimulationReport, simulate } from "./simulation.ts";

/** CI runs many more with `npm run simulate`. */
const SEEDS = 30;
const TIMEOUT_MS = 120_000;
/** Each planted bug must be found within this many seeds. */
const SEEDS_FOR_A_BUG = 200;

describe("in a world of crashes, losses and delays", { timeout: TIMEOUT_MS }, () => {
  it("nothing is lost, counted twice or left open, whatever the seed", async () => {
    const reports: SimulationReport[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) reports.push(await simulate({ seed }));
    expect(reports.filter(({ violation }) => violation !== null)).toEqual([]);
    // Otherwise nothing would have been tested.
    const sum = (of: "provenCount" | "faultCount") =>
      reports.reduce((total, report) => total + report[of], 0);
    expect(sum("provenCount")).toBeGreaterThan(SEEDS);
    expect(sum("faultCount")).toBeGreaterThan(SEEDS);
  });

  it("the same seed gives the same run, to the last line", async () => {
    const trace = async () => {
      const lines: string[] = [];
      await simulate({ seed: 50, onTrace: (line) => lines.push(line) });
      return lines;
    };
    const first = await trace();
    expect(first.length).toBeGreaterThan(100);
    expect(await trace()).toEqual(first);
  });
});

describe("a planted bug is found:", { timeout: TIMEOUT_MS }, () => {
  const planted = Object.entries(plantedBugs).map(([plant, { what }]) => ({ plant, what }));
  it.each(planted)("$what", async ({ plant }) => {
    for (let seed = 1; seed <= SEEDS_FOR_A_BUG; seed++) {
      const { violation } = await simulate({ seed, plant });
      if (violation !== null) return;
    }
    expect.fail(`not within ${SEEDS_FOR_A_BUG} seeds`);
  });
});
