// Seeded chance: the same seed and label give the same numbers, whatever else was drawn before. Pure.
import { createHash } from "node:crypto";

export interface Chance {
  /** From 0 up to, not including, 1. */
  fraction(): number;
}

export function chance(seed: number, label: string): Chance {
  let block = digest(seed, `${label}/0`);
  let drawn = 0;
  const fraction = () => {
    const offset = (drawn * 4) % block.length;
    if (offset === 0 && drawn > 0) block = digest(seed, `${label}/${drawn}`);
    drawn += 1;
    return block.readUInt32BE(offset) / 2 ** 32;
  };
  return { fraction };
}

/** The same for many numbers at low cost: the generator sfc32, seeded with the digest of seed and label. */
export function seededChance(seed: number, label: string): Chance {
  const start = digest(seed, label);
  let [a, b, c, count] = [0, 4, 8, 12].map((offset) => start.readInt32LE(offset)) as [
    number,
    number,
    number,
    number,
  ];
  const fraction = () => {
    const sum = (((a + b) | 0) + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
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
