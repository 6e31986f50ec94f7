// The scenario that a revision plays: its own, or the current one of the project if an older revision has none.
import type { Project } from "../project/project.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { loadScenarios } from "../scenario/scenario-folder.ts";
import type { Revision } from "./revision.ts";

export interface Side {
  /** The name of the revision; it says so if the scenario is not the revision's own. */
  name: string;
  /** The folder in which programs start. */
  directory: string;
  /** Loads the scenario again for each run, because its module may have state. */
  loadScenario(): Promise<Scenario>;
}

type Found = { ok: true; value: Side } | { ok: false; message: string };

/** `wanted` is the name of the scenario; by default the configured one, or the only one. */
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
  const current = await scenariosIn(project.scenarios);
  if (pick(current, wanted)) return side(`${name}, with the current scenario`, project.scenarios);
  const available = [...new Set([...own, ...current].map((one) => one.name))].join(", ") || "none";
  const message =
    wanted === undefined
      ? `Choose a scenario with --scenario. There are: ${available}`
      : `There is no scenario "${wanted}", neither in ${name} nor in the project now. There are: ${available}`;
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
