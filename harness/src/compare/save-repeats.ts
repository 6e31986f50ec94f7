// Writes the figures of several runs, as a file to compare and as a chart, beside the report of the last run.
import { replaceFiles } from "../reporters/replace-files.ts";
import { REPEATS_FILE, type Repeats, repeatsJson } from "./repeats.ts";

/** Returns the written paths. */
export async function saveRepeats(repeats: Repeats, directory: string): Promise<string[]> {
  const [{ renderPng }, { repeatsChart }] = await Promise.all([
    import("../charts/render.ts"),
    import("../charts/repeats-chart.ts"),
  ]);
  const { scenario, startedAt, durationMs, environment } = repeats;
  const title = `${scenario}: spread of ${startedAt.length} runs`;
  const subtitle = `dots: runs; bars: interval of the median · ${(durationMs / 1_000).toFixed(0)} s each · ${environment}`;
  return replaceFiles(directory, [
    { name: REPEATS_FILE, content: repeatsJson(repeats) },
    { name: "repeats.png", content: renderPng(repeatsChart(title, subtitle, repeats.figures)) },
  ]);
}
