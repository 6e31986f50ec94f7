// The units in which Linux tells memory and CPU ticks, from the table that it hands to every process.
import { readFileSync } from "node:fs";

const PAGE_SIZE = 6n;
const CLOCK_TICKS = 17n;

export interface KernelUnits {
  pageBytes: number;
  tickNs: number;
}

export function readKernelUnits(): KernelUnits {
  const entries = readAuxiliaryVector();
  return {
    pageBytes: Number(entries.get(PAGE_SIZE) ?? 4_096n),
    tickNs: 1e9 / Number(entries.get(CLOCK_TICKS) ?? 100n),
  };
}

/** Pairs of 64-bit words; on a 32-bit system nothing is found in it, and the usual values hold. */
function readAuxiliaryVector(): Map<bigint, bigint> {
  const words = readFileSync("/proc/self/auxv");
  const entries = new Map<bigint, bigint>();
  for (let at = 0; at + 16 <= words.length; at += 16) {
    entries.set(nativeWord(words, at), nativeWord(words, at + 8));
  }
  return entries;
}

function nativeWord(words: Buffer, at: number): bigint {
  return new BigUint64Array(words.buffer.slice(words.byteOffset + at, words.byteOffset + at + 8))[0]!;
}
