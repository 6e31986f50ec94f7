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
    await put(
      "fiel.config.mjs",
      'export default { scenarios: "cases", reports: "out", compare: { build: ["make"] } };',
    );
    await put("packages/one/package.json", "{}");
    expect(await openProject(join(directory, "packages", "one"))).toEqual({
      ok: true,
      project: {
        directory,
        scenarios: join(directory, "cases"),
        reports: join(directory, "out"),
        reporters: [],
        compare: { build: ["make"] },
      },
    });
  });

  it("is else where the nearest package.json is", async () => {
    await put("package.json", "{}");
    await put("a/b/file", "");
    expect(await openProject(join(directory, "a", "b"))).toMatchObject({
      ok: true,
      project: { directory, scenarios: join(directory, "scenarios"), compare: {} },
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
    ['{ scenario: "cases" }', /:1:18: the configuration has no "scenario"\. Did you mean "scenarios"\?/],
    ["{ reports: 3 }", /:1:18: reports is 3: write the path of a folder, such as "reports"/],
    ['{ reporters: [{ name: "a" }] }', /reporters\[0\]\.report is missing: write report: \(result\)/],
    ['{ compare: { build: "make" } }', /compare\.build is the string "make": write a list of commands/],
    ["undefined", /the default export is missing: write export default defineConfig/],
  ])("refuses the configuration %s, with its place", async (config, problem) => {
    await put("fiel.config.mjs", `export default ${config};`);
    const opened = await openProject(directory);
    const message = opened.ok ? "" : opened.message;
    expect(message).toMatch(problem);
    expect(message).toContain("fiel.config.mjs:1");
  });

  it("names a configuration that cannot be loaded", async () => {
    await put("fiel.config.mjs", 'throw new Error("not today");');
    const message = expect.stringMatching(/fiel\.config\.mjs:1.*not today/);
    expect(await openProject(directory)).toEqual({ ok: false, message });
  });
});
