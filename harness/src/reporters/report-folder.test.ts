import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import { reportFolderProblem, saveReport } from "./report-folder.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "report-folder-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe("the folder of a report", () => {
  it("contains only the new report, and folders that a user made in it", async () => {
    const folder = join(directory, "report");
    await saveReport(sampleResult(), folder);
    await writeFile(join(folder, "an-earlier-process.png"), "");
    await mkdir(join(folder, "mine"));
    const paths = await saveReport({ ...sampleResult(), durationMs: 2_000 }, folder);
    expect(basename(paths[0]!)).toBe("result.json");
    expect((await readdir(folder)).sort()).toEqual([...paths.map((path) => basename(path)), "mine"].sort());
    expect(JSON.parse(await readFile(paths[0]!, "utf8")).durationMs).toBe(2_000);
  });

  it("keeps the last report if the new result cannot be written", async () => {
    const folder = join(directory, "report");
    await saveReport(sampleResult(), folder);
    const before = (await readdir(folder)).sort();
    const broken = { ...sampleResult(), durationMs: Number.NaN };
    await expect(saveReport(broken, folder)).rejects.toThrow();
    expect((await readdir(folder)).sort()).toEqual(before);
    expect(JSON.parse(await readFile(join(folder, "result.json"), "utf8")).durationMs).toBe(1_000);
  });

  it("must be new, empty, or contain a report, because it is emptied", async () => {
    expect(await reportFolderProblem(join(directory, "new"))).toBeNull();
    expect(await reportFolderProblem(directory)).toBeNull();
    await writeFile(join(directory, "thesis.txt"), "");
    expect(await reportFolderProblem(directory)).toContain("contains other files than a report");
    expect(await reportFolderProblem(join(directory, "thesis.txt"))).toContain("is not a folder");
    await writeFile(join(directory, "result.json"), '{"mine":true}');
    expect(await reportFolderProblem(directory)).toContain("contains other files than a report");
    await rm(join(directory, "thesis.txt"));
    await saveReport(sampleResult(), directory);
    expect(await reportFolderProblem(directory)).toBeNull();
  });
});
