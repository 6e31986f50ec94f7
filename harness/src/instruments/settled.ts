// What a program holds when its garbage is collected. It must have been started with `settleable` in its environment.
import { pathToFileURL } from "node:url";
import { builtFile } from "../own-package.ts";
import type { Program } from "../scenario/scenario.ts";

const WITHIN_MS = 30_000;

/** In place of the probe, which would be measured with the program. */
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
