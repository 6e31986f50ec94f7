// Several runs of one scenario: the file that `--repeat` writes and `compare` reads, with the figures of each run.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { RunResult } from "../result/result.ts";
import { compactJson } from "../text/compact-json.ts";
import { type Figure, figuresOf } from "./figures.ts";

export const REPEATS_FILE = "repeats.json";

const series = z.object({
  name: z.string(),
  unit: z.string(),
  isCount: z.boolean().describe("whole and repeatable, as bytes are"),
  values: z.array(z.number()).describe("one for each run, in their order"),
});

const repeatsSchema = z.object({
  repeatsVersion: z.literal(1),
  scenario: z.string(),
  startedAt: z.array(z.iso.datetime()),
  durationMs: z.number().positive(),
  environment: z.string(),
  figures: z.array(series),
});

export type Repeats = z.infer<typeof repeatsSchema>;
export type Series = z.infer<typeof series>;

/** A figure that a run lacks, such as that of a flow without a connection, is 0 there. */
export function gatherRepeats(results: readonly [RunResult, ...RunResult[]]): Repeats {
  const runs = results.map(figuresOf);
  const byName = new Map<string, Figure>(runs.flat().map((figure) => [figure.name, figure]));
  const [first] = results;
  const { platform, nodeVersion, cpuCount, cpuModel } = first.environment;
  return {
    repeatsVersion: 1,
    scenario: first.scenario.name,
    startedAt: results.map(({ startedAt }) => startedAt),
    durationMs: first.durationMs,
    environment: `Node ${nodeVersion.replace(/^v/, "")} on ${platform}, ${cpuCount} × ${cpuModel}`,
    figures: [...byName.values()].map(({ name, unit, isCount }) => ({
      name,
      unit,
      isCount,
      values: runs.map((run) => run.find((figure) => figure.name === name)?.value ?? 0),
    })),
  };
}

export function repeatsJson(repeats: Repeats): string {
  return compactJson(repeats);
}

/** Null for a file with other content. */
export async function readRepeats(path: string): Promise<Repeats | null> {
  try {
    return repeatsSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}
