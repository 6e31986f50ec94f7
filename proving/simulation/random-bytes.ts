// Random bytes from a seeded stream of numbers.
import type { Chance } from "../../src/shared/chance/chance.ts";

export function randomBytesFrom({ fraction }: Chance): (count: number) => Buffer {
  return (count) => {
    const bytes = Buffer.alloc(count);
    for (let index = 0; index < count; index++) bytes[index] = Math.floor(fraction() * 256);
    return bytes;
  };
}
