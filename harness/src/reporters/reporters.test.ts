import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { replaceFiles } from "./replace-files.ts";
import { writeReport } from "./reporters.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "report-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

test("A report consists of numbers, summary and pictures in its own folder", async () => {
  const target = join(directory, "reports", "match");
  const paths = await writeReport(sampleRun(), target);
  const names = [
    "samples.csv",
    "summary.md",
    "junit.xml",
    "report.html",
    "server.png",
    "alan.png",
    "beto.png",
    "network.png",
  ];
  expect(paths).toEqual(names.map((name) => join(target, name)));
  expect((await readdir(target)).sort()).toEqual([...names].sort());
});

test("A file is replaced atomically, and no temporary file remains", async () => {
  await writeFile(join(directory, "summary.md"), "a much longer text than the one that follows");
  await replaceFiles(directory, [{ name: "summary.md", content: "short" }]);
  expect(await readFile(join(directory, "summary.md"), "utf8")).toBe("short");
  expect(await readdir(directory)).toEqual(["summary.md"]);
});

test("A file that cannot be written is named, and no temporary file remains", async () => {
  await replaceFiles(join(directory, "summary.md"), []);
  await expect(replaceFiles(directory, [{ name: "summary.md", content: "text" }])).rejects.toThrow(
    `cannot write ${join(directory, "summary.md")}: `,
  );
  expect(await readdir(directory)).toEqual(["summary.md"]);
});

test("A project's reporters add files; one that fails affects no other, and none replaces another file", async () => {
  const complaints: string[] = [];
  const console_ = vi.spyOn(console, "error").mockImplementation((text) => complaints.push(text));
  const paths = await writeReport(sampleRun(), directory, [
    { name: "broken", report: () => Promise.reject(new Error("no such server")) },
    { name: "greedy", report: () => [{ name: "summary.md", content: "mine" }] },
    { name: "far", report: () => [{ name: "../escape.txt", content: "" }] },
    {
      name: "seconds",
      report: ({ durationMs }) => [{ name: "seconds.txt", content: `${durationMs / 1_000}` }],
    },
  ]);
  console_.mockRestore();
  expect(complaints).toEqual([
    'The reporter "broken" failed: no such server',
    'The reporter "greedy" failed: the report has a summary.md already; choose another name',
    'The reporter "far" failed: "../escape.txt" is not a file name; leave folders out',
  ]);
  expect(paths.at(-1)).toBe(join(directory, "seconds.txt"));
  expect(await readFile(join(directory, "seconds.txt"), "utf8")).toBe("20");
  expect(await readFile(join(directory, "summary.md"), "utf8")).toContain("## ");
});
