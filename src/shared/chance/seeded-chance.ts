// Seeded chance for many numbers at low cost: the generator sfc32, seeded with the digest of seed and label.
import { type Chance, digest } from "./chance.ts";

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
