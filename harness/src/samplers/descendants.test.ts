import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { createDescendantsFinder } from "./descendants.ts";

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) process.kill(-child.pid!, "SIGKILL");
});

/** Resolves with the fixture's pid and its child's. */
async function startParent(fixture: string, ...args: string[]): Promise<[pid: number, child: number]> {
  const file = join(import.meta.dirname, "..", "fixtures", `${fixture}.fixture.js`);
  const parent = spawn(process.execPath, [file, ...args], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(parent);
  for await (const line of createInterface({ input: parent.stdout })) {
    const [, child] = line.match(/^child (\d+)/) ?? [];
    if (child) return [parent.pid!, Number(child)];
  }
  throw new Error(`${fixture} started no child`);
}

describe("descendants", () => {
  it.each([
    ["its main thread", ["parent", "forever.fixture.js"]],
    ["another thread", ["threaded-parent"]],
  ])("of a process that started a child from %s are found", async (_, [fixture, ...args]) => {
    const [pid, child] = await startParent(fixture!, ...args);
    expect(createDescendantsFinder()(pid)).toEqual([child]);
  });

  it("of descendants are found too", async () => {
    const [pid, child] = await startParent("parent", "parent.fixture.js", "forever.fixture.js");
    await expect.poll(() => createDescendantsFinder()(pid).length).toBe(2);
    expect(createDescendantsFinder()(pid)[0]).toBe(child);
  });

  it("are found by asking ps, where the kernel has no such list", async () => {
    const [pid, child] = await startParent("parent", "forever.fixture.js");
    const find = createDescendantsFinder("darwin");
    await expect.poll(() => find(pid)).toEqual([child]);
  });

  it("of a process that is gone are none", () => {
    expect(createDescendantsFinder()(2 ** 22 + 1)).toEqual([]);
  });
});
