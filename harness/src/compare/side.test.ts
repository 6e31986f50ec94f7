import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Project } from "../project/project.ts";
import { sideOf } from "./side.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "side-test-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function scenarios(where: "old" | "now", ...names: string[]): Promise<void> {
  await mkdir(join(folder, where, "scenarios"), { recursive: true });
  for (const name of names) {
    const fields = `name: "${name}", title: "${where}", description: "d", durationSeconds: 1, flows: [], checks: []`;
    const file = join(folder, where, "scenarios", `${name}.mjs`);
    await writeFile(file, `export default { ${fields}, async run() {} };`);
  }
}

async function titleOrProblem(wanted?: string): Promise<string> {
  const directory = join(folder, "old");
  const revision = { name: "v1", directory, scenarios: join(directory, "scenarios"), remove: async () => {} };
  const project: Project = {
    directory: join(folder, "now"),
    scenarios: join(folder, "now", "scenarios"),
    reports: "",
    reporters: [],
    compare: {},
  };
  const side = await sideOf(revision, project, wanted);
  if (!side.ok) return side.message;
  expect(side.value.directory).toBe(directory);
  return `${side.value.name}: ${(await side.value.loadScenario()).title}`;
}

it("A revision plays its own scenario", async () => {
  await scenarios("old", "first");
  await scenarios("now", "first", "second");
  expect(await titleOrProblem("first")).toBe("v1: old");
  expect(await titleOrProblem()).toBe("v1: old");
});

it("A revision without that scenario plays the present one, and says so", async () => {
  await scenarios("now", "first");
  expect(await titleOrProblem("first")).toBe("v1, with the current scenario: now");
  expect(await titleOrProblem()).toBe("v1, with the current scenario: now");
});

it("A scenario that is nowhere is refused with those that there are", async () => {
  await scenarios("old", "first");
  await scenarios("now", "first", "second");
  expect(await titleOrProblem("frist")).toBe(
    'There is no scenario "frist", neither in v1 nor in the project now. There are: first, second',
  );
});

it("The scenario has to be named where there are several", async () => {
  await scenarios("now", "first", "second");
  expect(await titleOrProblem()).toBe("Choose a scenario with --scenario. There are: first, second");
});
