import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openProject } from "./project.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "project-test-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function put(path: string, content: string): Promise<void> {
  const file = join(directory, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

describe("the project", () => {
  it("is where the nearest configuration file is, whatever package.json is nearer", async () => {
    await put("fiel.config.mjs", 'export default { scenarios: "cases", reports: "out", build: ["make"] };');
    await put("packages/one/package.json", "{}");
    expect(await openProject(join(directory, "packages", "one"))).toEqual({
      ok: true,
      project: {
        directory,
        scenarios: join(directory, "cases"),
        reports: join(directory, "out"),
        build: ["make"],
      },
    });
  });

  it("is else where the nearest package.json is", async () => {
    await put("package.json", "{}");
    await put("a/b/file", "");
    expect(await openProject(join(directory, "a", "b"))).toMatchObject({
      ok: true,
      project: { directory, scenarios: join(directory, "scenarios"), build: null },
    });
  });

  it.each([
    [
      "fiel.config.ts",
      'import { defineConfig } from "fiel"; const reports: string = "r"; export default defineConfig({ reports });',
    ],
    ["fiel.config.mts", 'export default { reports: "r" as string };'],
    ["fiel.config.js", 'module.exports = { reports: "r" };'],
    [
      "fiel.config.cjs",
      'const { defineConfig } = require("fiel"); module.exports = defineConfig({ reports: "r" });',
    ],
  ])("can be configured by %s, in a project of CommonJS and of ES modules", async (name, content) => {
    await put(name, content);
    for (const type of ["commonjs", "module"]) {
      await put("package.json", JSON.stringify({ type }));
      expect(await openProject(directory)).toMatchObject({ project: { reports: join(directory, "r") } });
    }
  });

  it.each([
    ['{ scenario: "cases" }', 'there is no setting "scenario"; did you mean "scenarios"?'],
    ["{ reports: 3 }", '"reports" must be the path of a folder, and is 3'],
    ['{ build: "make" }', '"build" must be a list of commands, such as ["make"], and is "make"'],
    ["undefined", "it must export its settings: export default defineConfig({ … })"],
  ])("refuses the configuration %s, and names its file", async (config, problem) => {
    await put("fiel.config.mjs", `export default ${config};`);
    const message = `${join(directory, "fiel.config.mjs")}: ${problem}`;
    expect(await openProject(directory)).toEqual({ ok: false, message });
  });

  it("names a configuration that cannot be loaded", async () => {
    await put("fiel.config.mjs", 'throw new Error("not today");');
    const message = `${join(directory, "fiel.config.mjs")} cannot be loaded: not today`;
    expect(await openProject(directory)).toEqual({ ok: false, message });
  });
});
