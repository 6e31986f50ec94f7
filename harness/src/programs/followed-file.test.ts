import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { FollowedFile } from "./followed-file.ts";

it("What is appended to a file is told, what was in it before is not, and the last is not lost", async () => {
  const directory = mkdtempSync(join(tmpdir(), "followed-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [old, late] = [join(directory, "old"), join(directory, "late")];
  writeFileSync(old, "before\n");
  const told = { old: "", late: "" };
  const files = [
    new FollowedFile(old, (text) => {
      told.old += text;
    }),
    new FollowedFile(late, (text) => {
      told.late += text;
    }),
  ];
  appendFileSync(old, "née\n");
  appendFileSync(late, "born\n");
  await expect.poll(() => told).toEqual({ old: "née\n", late: "born\n" });
  appendFileSync(old, "last");
  for (const file of files) file.close();
  expect(told.old).toBe("née\nlast");
});
