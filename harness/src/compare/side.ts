// What one revision plays: its own scenario, or the project's present one where it has none, as an older revision may.
import type { Project } from "../project/project.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { loadScenarios } from "../scenario/scenario-folder.ts";
import type { Revision } from "./revision.ts";

export interface Side {
  /** Of the revision; it says so if the scenario is not the revision's own. */
  name: string;
  /** Where programs start. */
  directory: string;
  /** Anew for each run: a scenario may keep state in its module. */
  loadScenario(): Promise<Scenario>;
}

type Found = { ok: true; value: Side } | { ok: false; message: string };

/** `wanted` is the name of the scenario; by default the configured one, or the only one that there is. */
export async function sideOf(
  { name, directory, scenarios }: Revision,
  project: Project,
  wanted = project.compare.scenario,
): Promise<Found> {
  const side = (shown: string, folder: string): Found => {
    const loadScenario = async () => pick(await scenariosIn(folder), wanted)!;
    return { ok: true, value: { name: shown, directory, loadScenario } };
  };
  const own = await scenariosIn(scenarios);
  if (pick(own, wanted)) return side(name, scenarios);
  const present = await scenariosIn(project.scenarios);
  if (pick(present, wanted)) return side(`${name}, with the present scenario`, project.scenarios);
  const there = [...new Set([...own, ...present].map((one) => one.name))].join(", ") || "none";
  const message =
    wanted === undefined
      ? `Name the scenario that is played with --scenario. There are: ${there}`
      : `There is no scenario "${wanted}", neither in ${name} nor in the project now. There are: ${there}`;
  return { ok: false, message };
}

async function scenariosIn(folder: string): Promise<Scenario[]> {
  const loaded = await loadScenarios(folder).catch(() => null);
  return loaded?.scenarios.map(({ scenario }) => scenario) ?? [];
}

function pick(scenarios: readonly Scenario[], wanted: string | undefined): Scenario | undefined {
  if (wanted === undefined) return scenarios.length === 1 ? scenarios[0] : undefined;
  return scenarios.find(({ name }) => name === wanted);
}
