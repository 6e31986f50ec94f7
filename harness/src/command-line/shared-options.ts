// Options that several commands have, and how their values are read.
import { InvalidArgumentError, Option } from "commander";
import { DEFAULT_SAMPLER, SAMPLER_NAMES } from "../samplers/choose-sampler.ts";

export const DEFAULT_INTERVAL_MS = 100;

export function samplerOption(): Option {
  return new Option("--sampler <name>", "what reads CPU and memory")
    .choices(SAMPLER_NAMES)
    .default(DEFAULT_SAMPLER);
}

export function intervalOption(): Option {
  return new Option("--interval <ms>", "time between two samples")
    .argParser(positive)
    .default(DEFAULT_INTERVAL_MS);
}

export function openOption(): Option {
  return new Option("--open", "open report.html in the browser");
}

export function wholePositive(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError("It must be a whole number.");
  return value;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}
