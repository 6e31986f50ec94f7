import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileProblem, folderProblem } from "./check-writable.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "writable-test-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

it("files can be written into folders that exist or can be made, and the trial leaves nothing", async () => {
  expect(await folderProblem(join(directory, "a", "b"))).toBe(null);
  expect(await fileProblem(join(directory, "c", "log.csv"))).toBe(null);
  expect(await readdir(directory)).toEqual([]);
});

it("runs that start at the same time can share a folder that does not exist yet", async () => {
  const folders = Array.from({ length: 20 }, (_, index) => join(directory, "reports", `run-${index}`));
  const objections = await Promise.all(folders.map((folder) => folderProblem(folder)));
  expect(objections.filter((objection) => objection !== null)).toEqual([]);
});

it("an existing file stays unchanged", async () => {
  const path = join(directory, "log.csv");
  await writeFile(path, "earlier");
  expect(await fileProblem(path)).toBe(null);
  expect(await readFile(path, "utf8")).toBe("earlier");
});

it("the problem is one line that names the path", async () => {
  const path = join(directory, "log.csv");
  await writeFile(path, "");
  expect(await fileProblem(directory)).toBe(`Cannot write ${directory}: it is a folder; name a file in it`);
  const below = join(path, "chart.png");
  expect(await fileProblem(below)).toMatch(
    /^Cannot write .*chart\.png \(E[A-Z]+\); name a place that you may/,
  );
  // Not even root may.
  if (existsSync("/proc/self"))
    expect(await folderProblem("/proc/nope/x")).toMatch(/^Cannot write \/proc\/nope/);
});
