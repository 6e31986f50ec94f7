// What `npx fiel` says in a clone that was not built yet, and once it is.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const tool = join(import.meta.dirname, "..", "harness");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fresh-clone-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

it("names the command that builds fiel, before it is built", () => {
  cpSync(join(tool, "package.json"), join(folder, "package.json"));
  cpSync(join(tool, "bin"), join(folder, "bin"), { recursive: true });
  const { status, stderr } = spawnSync(join(folder, "bin", "fiel.js"), { encoding: "utf8" });
  expect([status, stderr]).toEqual([1, "fiel is not built yet. Type: npm run build\n"]);
});

it("starts fiel once it is built", () => {
  const { status, stdout } = spawnSync(join(tool, "bin", "fiel.js"), ["--version"], { encoding: "utf8" });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
