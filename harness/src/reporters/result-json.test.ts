import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { readResultJson, writeResultJson } from "./result-json.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "result-json-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe("result.json", () => {
  test("is read back as it was written", async () => {
    const path = await writeResultJson(sampleRun(), directory);
    expect(path).toBe(join(directory, "result.json"));
    expect(await readResultJson(path)).toEqual({ ok: true, result: sampleRun() });
    expect(await readdir(directory)).toEqual(["result.json"]);
  });

  test("has one line for each sample", async () => {
    const text = await readFile(await writeResultJson(sampleRun(), directory), "utf8");
    expect(text).toMatch(/^ +\{ "timeMs": 100, "cpuPercent": .*, "processCount": 1 \},$/m);
  });

  test("is not written if the result breaks its schema, and the error names the field", async () => {
    const broken = sampleRun({ durationMs: -1 });
    await expect(writeResultJson(broken, directory)).rejects.toThrow(/breaks its schema: durationMs: /);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe("reading a result refuses", () => {
  async function reading(text: string) {
    const path = join(directory, "result.json");
    await writeFile(path, text);
    return readResultJson(path);
  }

  test("a file that does not exist", async () => {
    const path = join(directory, "nowhere", "result.json");
    expect(await readResultJson(path)).toMatchObject({ ok: false, code: "NOT_FOUND" });
  });

  test("a folder, and says which file to give instead", async () => {
    expect(await readResultJson(directory)).toMatchObject({
      ok: false,
      code: "NOT_READABLE",
      message: `${directory} is a folder; give the result.json in it`,
    });
  });

  test("a file that is not JSON", async () => {
    expect(await reading("{")).toMatchObject({ ok: false, code: "NOT_JSON" });
  });

  test("another version, and names both", async () => {
    const answer = await reading(JSON.stringify({ ...sampleRun(), schemaVersion: 2 }));
    expect(answer).toMatchObject({ ok: false, code: "WRONG_VERSION" });
    expect(answer).toHaveProperty(
      "message",
      expect.stringMatching(/has schemaVersion 2, and this program reads 1/),
    );
  });

  test.each([
    ["null", "the whole: "],
    ["{}", "schemaVersion: "],
    [JSON.stringify({ ...sampleRun(), durationMs: "long" }), "durationMs: "],
    [
      JSON.stringify(sampleRun()).replace('"cpuPercent":96', '"cpuPercent":-1'),
      "processes[0].samples[0].cpuPercent: ",
    ],
  ])("a file that breaks the schema, and names the field (%#)", async (text, field) => {
    const answer = await reading(text);
    expect(answer).toMatchObject({ ok: false, code: "INVALID" });
    expect(answer).toHaveProperty("message", expect.stringContaining(`is not a result: ${field}`));
  });
});
