// Seeded chance: the same seed and label give the same numbers, whatever else was drawn before. Pure.
import { createHash } from "node:crypto";

export interface Chance {
  /** From 0 up to, not including, 1. */
  fraction(): number;
}

export function chance(seed: number, label: string): Chance {
  let drawn = 0;
  const fraction = () => digest(seed, `${label}/${drawn++}`).readUInt32BE() / 2 ** 32;
  return { fraction };
}

export function digest(seed: number, label: string): Buffer {
  return createHash("sha256").update(`${seed}/${label}`).digest();
}

export function shuffled<T>(items: readonly T[], { fraction }: Chance): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(fraction() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
