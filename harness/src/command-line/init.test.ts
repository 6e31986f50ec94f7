// What `fiel init` writes, and that it can be run as it is.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtFile } from "../own-package.ts";
import { findFreePort } from "../programs/free-port.ts";

const echo = join(import.meta.dirname, "..", "fixtures", "listener.fixture.js");
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "init-test-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

function fiel(...words: string[]) {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile("main.js"), ...words], {
    cwd: directory,
    env: Object.fromEntries(environment),
    encoding: "utf8",
  });
  return { status, text: stdout + stderr };
}

const first = () => readFile(join(directory, "scenarios", "first.ts"), "utf8");

describe("fiel init", () => {
  it("writes a scenario that can be run at once", async () => {
    const port = await findFreePort(1);
    expect(fiel("init", "--yes", "--command", `node ${echo} ${port}`, "--port", `${port}`).status).toBe(0);
    const { status, text } = fiel("run", "first", "--duration", "2", "--no-trace");
    expect(text).toContain("first passed");
    expect(status).toBe(0);
    expect(existsSync(join(directory, "reports", "first", "report.html"))).toBe(true);
    expect(await readFile(join(directory, ".gitignore"), "utf8")).toBe("reports/\n");
    expect(await readFile(join(directory, ".github", "workflows", "fiel.yml"), "utf8")).toContain(
      "npx fiel run first",
    );
  });

  it("overwrites nothing, and says what it left", async () => {
    await writeFile(join(directory, "fiel.config.ts"), "export default {};\n");
    await writeFile(join(directory, ".gitignore"), "/reports");
    const { text } = fiel("init", "--yes", "--command", "./server", "--port", "7000");
    expect(text).toContain("Left as they are, because they exist:\n  fiel.config.ts\n");
    expect(await readFile(join(directory, "fiel.config.ts"), "utf8")).toBe("export default {};\n");
    expect(await readFile(join(directory, ".gitignore"), "utf8")).toBe("/reports");
  });

  it("writes into the folders that the configuration names", async () => {
    await writeFile(
      join(directory, "fiel.config.mjs"),
      'export default { scenarios: "measured/cases", reports: "measured/out" };\n',
    );
    fiel("init", "--yes", "--command", "./server", "--port", "7000");
    expect(fiel("list").text).toContain("\n  first ");
    expect(await readFile(join(directory, ".gitignore"), "utf8")).toBe("measured/out/\n");
    expect(await readFile(join(directory, ".github", "workflows", "fiel.yml"), "utf8")).toContain(
      "cat measured/out/first/summary.md",
    );
  });

  it("has the kernel count the bytes of what does not run on Node, and gives a shell what only a shell can read", async () => {
    fiel("init", "--yes", "--command", "./server --port $PORT", "--port", "7000");
    expect(await first()).toContain('command: ["/bin/sh", "-c", "./server --port $PORT"],');
  });

  it.each([
    [[], "Nothing can be asked without a terminal, so pass --command and --port as well"],
    [["--yes", "--port", "7000"], "--yes asks nothing, so pass --command as well"],
    [["--port", "70000"], "It must be a number from 1 to 65535."],
    [["--command", " "], "--command is empty"],
  ])("refuses %j in one line, and writes nothing", (words, message) => {
    const { status, text } = fiel("init", ...words);
    expect(status).toBe(2);
    expect(text).toContain(message);
    expect(text).toMatch(/^[^\n]+\n$/);
    expect(existsSync(join(directory, "scenarios"))).toBe(false);
  });
});
