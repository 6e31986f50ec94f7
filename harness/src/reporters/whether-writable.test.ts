import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { whyNoFile, whyNoFolder } from "./whether-writable.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "writable-test-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

it("files can be put into folders that are there or can be made, and the trial leaves nothing", async () => {
  expect(await whyNoFolder(join(directory, "a", "b"))).toBe(null);
  expect(await whyNoFile(join(directory, "c", "log.csv"))).toBe(null);
  expect(await readdir(directory)).toEqual([]);
});

it("runs that start at the same time may share a folder that is not there yet", async () => {
  const folders = Array.from({ length: 20 }, (_, index) => join(directory, "reports", `run-${index}`));
  const objections = await Promise.all(folders.map((folder) => whyNoFolder(folder)));
  expect(objections.filter((objection) => objection !== null)).toEqual([]);
});

it("a file that is there stays as it is", async () => {
  const path = join(directory, "log.csv");
  await writeFile(path, "earlier");
  expect(await whyNoFile(path)).toBe(null);
  expect(await readFile(path, "utf8")).toBe("earlier");
});

it("says in one line what cannot be written", async () => {
  const path = join(directory, "log.csv");
  await writeFile(path, "");
  expect(await whyNoFile(directory)).toBe(`Cannot write ${directory}: it is a folder; name a file in it`);
  const below = join(path, "chart.png");
  expect(await whyNoFile(below)).toMatch(/^Cannot write .*chart\.png \(E[A-Z]+\); name a place that you may/);
  // Not even root may.
  if (existsSync("/proc/self"))
    expect(await whyNoFolder("/proc/nope/x")).toMatch(/^Cannot write \/proc\/nope/);
});
