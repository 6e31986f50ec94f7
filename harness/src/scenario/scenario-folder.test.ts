import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadScenarios } from "./scenario-folder.ts";
import { problemText } from "./scenario-problem.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scenarios-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** The text of a scenario, with other or more fields. */
function scenario(name: string, fields: Record<string, string> = {}): string {
  const all = {
    name: JSON.stringify(name),
    title: '"A title"',
    description: '"What it does."',
    durationSeconds: "1",
    flows: "[]",
    run: "async (context) => {}",
    checks: "[]",
    ...fields,
  };
  return `{\n${Object.entries(all)
    .map(([key, value]) => `  ${key}: ${value},\n`)
    .join("")}}`;
}

async function problemsOf(path: string): Promise<string[]> {
  const { problems } = await loadScenarios(path);
  // Paths are shown from the current folder where that is shorter.
  const prefixes = [folder, relative(process.cwd(), folder)];
  const texts = problems.map((problem) => problemText(problem));
  return texts.map((text) => prefixes.reduce((rest, prefix) => rest.replaceAll(`${prefix}/`, ""), text));
}

async function namesIn(path: string): Promise<string[]> {
  const { scenarios } = await loadScenarios(path);
  return scenarios.map((found) => found.scenario.name);
}

it("Scenarios are the default exports of a folder's files, by name; folders below hold what they share", async () => {
  const fixtures = join(import.meta.dirname, "..", "fixtures", "scenarios");
  const { scenarios, problems } = await loadScenarios(fixtures);
  expect(problems).toEqual([]);
  expect(scenarios.map((found) => found.scenario.name)).toEqual([
    "conversation",
    "disappointed",
    "endless",
    "short",
    "strict",
  ]);
  expect(scenarios[0]!.file).toBe(join(fixtures, "conversation.fixture.js"));
});

describe("a scenario may be written", () => {
  it.each([
    ["a.js", `export default ${scenario("x")};`],
    ["a.mjs", `export default ${scenario("x")};`],
    ["a.cjs", `module.exports = ${scenario("x")};`],
    [
      "a.cjs",
      `const { defineScenario } = require("fiel");\nmodule.exports = defineScenario(${scenario("x")});`,
    ],
    [
      "a.ts",
      `import { defineScenario, type Scenario } from "fiel";\nconst x: Scenario = ${scenario("x")};\nexport default defineScenario(x);`,
    ],
    [
      "a.mts",
      `import { rssBelowMb, Check } from "fiel";\nconst checks: Check[] = [rssBelowMb("p", 5)];\nexport default ${scenario("x", { checks: "checks" })};`,
    ],
    ["a.ts", `const { name } = await import("./b.json");\nexport default ${scenario("x")};`],
    [
      "a.ts",
      `import data from "./b.json" with { type: "json" };\nexport default ${scenario("x", { durationSeconds: "data.seconds" })};`,
    ],
    ["a.ts", `if (!import.meta.dirname) throw new Error("no folder");\nexport default ${scenario("x")};`],
    [
      "a.ts",
      `import { shared } from "./shared/all.js";\nexport default ${scenario("x", { title: "shared" })};`,
    ],
  ])("as %s: %s", async (name, content) => {
    write("b.json", '{ "seconds": 3 }');
    write("shared/all.ts", 'export const shared: string = "shared";');
    write("package.json", "{}");
    const file = write(name, content);
    expect(await problemsOf(file)).toEqual([]);
    expect(await namesIn(file)).toEqual(["x"]);
  });
});

it("Imports may use the aliases of the tsconfig.json nearest to the scenario", async () => {
  write("tsconfig.json", '{ "compilerOptions": { "paths": { "~/*": ["./shared/*"] } } }');
  write("shared/all.ts", 'export const shared: string = "shared";');
  const content = `import { shared } from "~/all";\nexport default ${scenario("x", { title: "shared" })};`;
  const { scenarios } = await loadScenarios(write("scenarios/a.ts", content));
  expect(scenarios.map((found) => found.scenario.title)).toEqual(["shared"]);
});

describe("a mistake is reported with file, line and what to write", () => {
  it.each<[string, string, string, string]>([
    [
      "a missing comma",
      "a.js",
      'export default {\n  name: "x"\n  title: "t",\n};',
      'a.js:3:3: Unexpected token, expected ","\n    3 |   title: "t",\n      |   ^',
    ],
    [
      "CommonJS that does not parse",
      "a.cjs",
      "module.exports = {\n  name: [}\n};",
      "a.cjs:2:10: Unexpected token\n    2 |   name: [}\n      |          ^",
    ],
    [
      "a wrong path",
      "a.ts",
      `import { shared } from "./shard/all.js";\nexport default ${scenario("x", { title: "shared" })};`,
      'a.ts:1:24: there is no folder shard\n    1 | import { shared } from "./shard/all.js";\n      |                        ^',
    ],
    [
      "a mistyped file",
      "a.ts",
      `import { shared } from "./shared/al.js";\nexport default ${scenario("x", { title: "shared" })};`,
      'a.ts:1:24: there is no file shared/al.js. Did you mean "./shared/all.ts"?',
    ],
    [
      "a mistyped file, in a shared one",
      "a.ts",
      `import "./shared/bad.ts";\nexport default ${scenario("x")};`,
      'shared/bad.ts:2:8: there is no file shared/none.js. Did you mean "./one.js"?',
    ],
    [
      "the tool's own files",
      "a.js",
      `import { rssBelowMb } from "../dist/checks/outcome.js";\nexport default ${scenario("x")};`,
      'a.js:1:28: there is no "../dist/checks/outcome.js": write import { rssBelowMb } from "fiel"',
    ],
    [
      "a package that is not installed",
      "a.mjs",
      `import left from "left-pad-of-nobody";\nexport default ${scenario("x")};`,
      'a.mjs:1:18: there is no package "left-pad-of-nobody": npm install --save-dev left-pad-of-nobody',
    ],
    [
      "a file in a package that is not installed",
      "a.mjs",
      `import left from "@nobody/left-pad/fp";\nexport default ${scenario("x")};`,
      'there is no package "@nobody/left-pad/fp": npm install --save-dev @nobody/left-pad\n',
    ],
    [
      "an alias that no tsconfig.json has",
      "a.ts",
      `import left from "~/left";\nexport default ${scenario("x", { title: "left" })};`,
      'there is no package "~/left": write a relative path, or add the alias to "paths" in tsconfig.json',
    ],
    [
      "something thrown in a folder with spaces and parentheses",
      "my (own) é/a.js",
      "undefined.x;",
      "my (own) é/a.js:1: TypeError",
    ],
    [
      'a name that "fiel" does not export',
      "a.ts",
      `import { rssBelowMB } from "fiel";\nexport default ${scenario("x", { checks: '[rssBelowMB("p", 1)]' })};`,
      'a.ts:9: "fiel" exports no "rssBelowMB". Did you mean "rssBelowMb"?',
    ],
    [
      "a default import of the tool",
      "a.ts",
      'import fiel from "fiel";\n\nexport default fiel.defineScenario({});',
      'a.ts:3: "fiel" has no default export: write import { defineScenario } from "fiel"',
    ],
    [
      "no default export",
      "a.js",
      `export const scenario = ${scenario("x")};`,
      "a.js:1: exports scenario, but nothing as default: write export default defineScenario({ … }).",
    ],
    [
      "a default export that is no scenario",
      "a.js",
      "\nexport default function play() {}",
      "a.js:2:16: the default export is the function play: write export default defineScenario({ … })",
    ],
    [
      "something thrown while it is loaded",
      "a.ts",
      "interface Unused {\n  a: number;\n}\nconst nothing: any = undefined;\nnothing.at.all;\nexport default {};",
      "a.ts:5: TypeError: Cannot read properties of undefined (reading 'at')\n    5 | nothing.at.all;",
    ],
    [
      "an unknown key",
      "a.ts",
      `export default ${scenario("x", { duration: "10" })};`,
      'a.ts:9:3: a scenario has no "duration". Did you mean "durationSeconds"?\n    9 |   duration: 10,',
    ],
    [
      "an unknown key of a flow",
      "a.ts",
      `import { defineScenario } from "fiel";\nexport default defineScenario(${scenario("x", { flows: '[{ name: "a", label: "a", prt: 80 }]' })});`,
      'a.ts:7:36: a flow has no "prt". Did you mean "port"?',
    ],
    [
      "a string in place of a pattern",
      "a.ts",
      `const x = ${scenario("x", { flows: '[{ name: "a", label: "a", firstLine: "GET" }]' })};\nexport default x;`,
      'a.ts:6:36: flows[0].firstLine is the string "GET": write a pattern, as /^GET /',
    ],
    [
      "a number in place of text",
      "a.cjs",
      `module.exports = ${scenario("x", { title: "7" })};`,
      'a.cjs:3:3: title is 7: write title: "Redis under load"',
    ],
    [
      "a check that is none",
      "a.js",
      `export default ${scenario("x", { checks: "[undefined]" })};`,
      'a.js:8:12: checks[0] is missing: write a check, as rssBelowMb("server", 50)',
    ],
  ])("%s", async (_, name, content, expected) => {
    write("package.json", "{}");
    write("shared/all.ts", 'export const shared: string = "shared";');
    write("shared/one.js", "");
    write("shared/bad.ts", '// The next line is wrong.\nimport "./none.js";');
    const [problem, ...more] = await problemsOf(write(name, content));
    expect(more).toEqual([]);
    expect(problem).toContain(expected);
  });

  it("each of several in one file", async () => {
    const file = write("a.js", 'export default { name: "x", flows: [{ port: "80" }, "y"], checks: [] };');
    expect((await problemsOf(file)).map((text) => text.split("\n")[0])).toEqual([
      'a.js:1:16: title, description, durationSeconds, run are missing: write title: "Redis under load", description: "20,000 requests, then silence.", durationSeconds: 10, async run(context) { … }',
      'a.js:1:37: flows[0].name, flows[0].label are missing: write name: "web", label: "HTTP"',
      'a.js:1:39: flows[0].port is the string "80": write a number from 1 to 65535, without quotes',
      'a.js:1:53: flows[1] is the string "y": write { name: "web", label: "HTTP", port: 8080 }',
    ]);
  });

  it("two scenarios of one name", async () => {
    write("a.js", `export default ${scenario("twin")};`);
    write("b.js", `\nexport default ${scenario("twin")};`);
    const [problem] = await problemsOf(folder);
    expect(problem).toContain('b.js:3:3: the name "twin" is taken by');
  });
});

it("A broken file hides no other", async () => {
  write("a.js", "export default {");
  write("b.js", `export default ${scenario("good")};`);
  write("c.ts", "throw new Error('broken');");
  write("c.test.ts", "throw new Error('a test, and not loaded');");
  expect(await namesIn(folder)).toEqual(["good"]);
  expect((await problemsOf(folder)).map((text) => text.split(":")[0])).toEqual(["a.js", "c.ts"]);
});
