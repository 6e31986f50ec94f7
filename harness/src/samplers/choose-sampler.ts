// Which samplers there are, and which one is taken when nobody chooses.
import { createPidusageSampler, warmUpPidusage } from "./pidusage-sampler.ts";
import type { Sampler, SamplerOptions } from "./sampler.ts";
import { createSchedstatSampler } from "./schedstat-sampler.ts";

export const SAMPLER_NAMES = ["schedstat", "pidusage"] as const;
export type SamplerName = (typeof SAMPLER_NAMES)[number];

export const DEFAULT_SAMPLER: SamplerName = process.platform === "linux" ? "schedstat" : "pidusage";

/** Before the run, whatever a sampler's first reading would cost. */
export async function warmUpSampler(name: SamplerName): Promise<void> {
  if (name === "pidusage") await warmUpPidusage();
}

export function createSampler(name: SamplerName, options: SamplerOptions): Sampler {
  return name === "pidusage" ? createPidusageSampler(options) : createSchedstatSampler(options);
}
