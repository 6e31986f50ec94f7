import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ManualClock } from "../shared/clock/manual-clock.fixture.ts";
import { openLogFile } from "./log-file.ts";
import { rotateDaily } from "./log-rotation.ts";
import { tempDirectory } from "./temp-directory.fixture.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

it("sets log.txt aside each day, and deletes what is older than it should keep", () => {
  const folder = tempDirectory();
  const clock = new ManualClock();
  const file = openLogFile(join(folder, "log.txt"));
  const old = join(folder, "log-2020-01-01T00-00-00Z.txt");
  for (const name of [old, join(folder, "notes.txt")]) {
    writeFileSync(name, "");
    utimesSync(name, 0, (clock.nowMs() - 3 * DAY_MS) / 1_000);
  }
  const stop = rotateDaily(file, { keepDays: 2, clock, onTrouble: expect.unreachable });
  expect(readdirSync(folder).sort()).toEqual(["log.txt", "notes.txt"]);
  file.append("first day\n");
  clock.advance(DAY_MS);
  file.append("second day\n");
  const [aside = ""] = readdirSync(folder).filter((name) => name.startsWith("log-"));
  expect(readFileSync(join(folder, aside), "utf8")).toBe("first day\n");
  expect(readFileSync(join(folder, "log.txt"), "utf8")).toBe("second day\n");
  stop();
  file.close();
});

it("never overwrites what was set aside in the same second", () => {
  const folder = tempDirectory();
  const file = openLogFile(join(folder, "log.txt"));
  const names = [1, 2, 3].map((number) => {
    file.append(`${number}\n`);
    return file.setAside(0);
  });
  expect(names.map((name) => readFileSync(name, "utf8"))).toEqual(["1\n", "2\n", "3\n"]);
  file.close();
});
