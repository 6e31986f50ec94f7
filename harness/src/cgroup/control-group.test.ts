import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { ControlGroup } from "./control-group.ts";

const groups: ControlGroup[] = [];
let number = 0;

function newGroup(): ControlGroup {
  const group = ControlGroup.make(`fiel-test-${process.pid}-${number++}`)!;
  groups.push(group);
  return group;
}

afterEach(async () => {
  for (const group of groups.splice(0)) await group.end();
});

const isPossible = await (async () => {
  const group = ControlGroup.make(`fiel-test-${process.pid}`);
  await group?.end();
  return group !== null;
})();

describe.skipIf(!isPossible)("a program in a control group", () => {
  it("keeps its process id and its exit code", () => {
    const [file = "", ...args] = newGroup().command(["sh", "-c", "echo $PPID; exit 7"]);
    const { stdout, status } = spawnSync(file, args, { encoding: "utf8" });
    expect([stdout.trim(), status]).toEqual([`${process.pid}`, 7]);
  });

  it("is known by its descendants, also those that left their parent and their session", async () => {
    const group = newGroup();
    const [file = "", ...args] = group.command([
      "sh",
      "-c",
      "setsid sh -c 'sleep 60 & sleep 60 &' </dev/null >/dev/null 2>&1",
    ]);
    const child = spawn(file, args, { stdio: "ignore" });
    await once(child, "close");
    await expect.poll(() => group.processes().length).toBe(2);
    expect(await group.end()).toBe(true);
    expect(existsSync(group.path)).toBe(false);
  });

  it("is charged for the CPU of all of them, ended ones too", () => {
    const group = newGroup();
    const busy = "while (process.cpuUsage().user < 150_000);";
    const twice = `${process.execPath} -e '${busy}'; ${process.execPath} -e '${busy}'`;
    const [file = "", ...args] = group.command(["sh", "-c", twice]);
    spawnSync(file, args);
    expect(group.cpuMicroseconds()!).toBeGreaterThanOrEqual(0.98 * 300_000);
  });

  it("is named by the number that the kernel gives it", () => {
    expect(newGroup().id).toBeGreaterThan(0);
  });
});

it("Where no group can be made there is none", () => {
  expect(ControlGroup.make("fiel-test", "/nowhere")).toBeNull();
});
