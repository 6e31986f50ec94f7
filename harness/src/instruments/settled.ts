// The memory of a program after garbage collection. It must have been started with `settleable` in its environment.
import { pathToFileURL } from "node:url";
import { builtFile } from "../own-package.ts";
import type { Program } from "../scenario/scenario.ts";

const WITHIN_MS = 30_000;

/** Replaces the probe, whose memory would count as the program's. */
export const settleable = {
  NODE_OPTIONS: `--import=${pathToFileURL(builtFile("settled-memory.js"))}`,
};

export interface Settled {
  rssBytes: number;
  heapBytes: number;
  descriptors: number;
}

export async function settle(program: Program): Promise<Settled> {
  process.kill(program.pid, "SIGUSR2");
  const [, settled = ""] = await program.sees(/^settled (.*)/, { withinMs: WITHIN_MS });
  return JSON.parse(settled) as Settled;
}
