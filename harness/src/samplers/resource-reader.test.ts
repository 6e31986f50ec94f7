// Against programs that say themselves what they used.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { ResourceReader } from "./resource-reader.ts";

const SCRIPT = `
const { openSync, writeSync, fsyncSync, readdirSync, rmSync } = require("node:fs");
const file = openSync(process.argv[1], "w");
writeSync(file, Buffer.alloc(1_000_000));
fsyncSync(file);
rmSync(process.argv[1]);
for (let number = 0; number < 20; number++) openSync("/dev/null", "r");
const say = () => {
  const { minorPageFault, majorPageFault, voluntaryContextSwitches } = process.resourceUsage();
  const openFiles = readdirSync("/proc/self/fd").length - 1;
  console.log(JSON.stringify({ minorPageFault, majorPageFault, voluntaryContextSwitches, openFiles }));
};
process.stdin.on("data", say);
say();
`;

async function startProgram() {
  const file = `/tmp/fiel-resources-${process.pid}`;
  const child = spawn(process.execPath, ["-e", SCRIPT, file], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async () => JSON.parse(String((await lines.next()).value)) as Record<string, number>;
  await said();
  const ask = () => {
    child.stdin.write("?\n");
    return said();
  };
  return { pid: child.pid!, ask };
}

describe.runIf(process.platform === "linux")("what a program uses besides CPU and memory", () => {
  it("lies between what the program says of itself before and after", async () => {
    const { pid, ask } = await startProgram();
    const before = await ask();
    const seen = new ResourceReader().read([pid], 0)!;
    const after = await ask();
    const switches = seen.voluntarySwitches;
    expect(switches).toBeGreaterThanOrEqual(before.voluntaryContextSwitches!);
    expect(switches).toBeLessThanOrEqual(after.voluntaryContextSwitches!);
    expect(seen.minorFaults).toBeGreaterThanOrEqual(before.minorPageFault!);
    expect(seen.minorFaults).toBeLessThanOrEqual(after.minorPageFault!);
    expect(seen.majorFaults).toBe(before.majorPageFault);
    expect(seen.openFiles).toBe(before.openFiles);
    expect(seen.threads).toBeGreaterThan(5);
    expect(seen.diskWrittenBytes).toBeGreaterThanOrEqual(1_000_000);
  });

  it("counts memory that two processes share once, in PSS", async () => {
    const [one, other] = [await startProgram(), await startProgram()];
    const { pssBytes = 0 } = new ResourceReader().read([one.pid, other.pid], 0)!;
    const alone = new ResourceReader().read([one.pid], 0)!.pssBytes!;
    expect(pssBytes).toBeGreaterThan(alone);
    expect(pssBytes).toBeLessThan(2.2 * alone);
  });

  it("reads PSS seldom, and at last", async () => {
    const { pid } = await startProgram();
    const reader = new ResourceReader();
    expect(reader.read([pid], 0)?.pssBytes).toBeGreaterThan(0);
    expect(reader.read([pid], 0.001)).not.toHaveProperty("pssBytes");
    expect(reader.read([pid], 0.001, true)?.pssBytes).toBeGreaterThan(0);
  });

  it("is unknown when no process is left", () => {
    expect(new ResourceReader().read([2 ** 22 + 1], 0)).toBeNull();
  });
});
