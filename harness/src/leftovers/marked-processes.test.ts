import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { isRunning } from "../programs/processes.fixture.ts";
import { MarkedProcesses } from "./marked-processes.ts";

/** Starts a shell that runs this and ends. */
async function start(script: string, marked: MarkedProcesses): Promise<void> {
  const child = spawn("sh", ["-c", script], {
    env: { ...process.env, ...marked.environment },
    stdio: "ignore",
  });
  await once(child, "exit");
}

it.runIf(process.platform === "linux")(
  "A process that left its parent and its session is found by its mark and ended, even if it ignores SIGTERM",
  async () => {
    const [marked, other] = [new MarkedProcesses(), new MarkedProcesses()];
    await start("setsid sh -c 'trap \"\" TERM; while :; do sleep 0.05; done' &", marked);
    await expect.poll(() => marked.find().length).toBeGreaterThan(0);
    expect(other.find()).toEqual([]);
    const [pid = 0] = await marked.end();
    await expect.poll(() => isRunning(pid)).toBe(false);
    expect(await marked.end()).toEqual([]);
  },
);
