// Finds the type of a message by a pattern for its beginning, and counts messages by type. Most patterns match the
// letters that a message begins with; those are compared as bytes, without a string for each message.
import type { MessageCount } from "../result/result.ts";

export const MAX_HEAD_BYTES = 256;
const MAX_TYPES = 200;
const OTHER = "other";
/** `^` and a group that repeats one class of characters: `^(\w+)`, `^([A-Z_]+)`. */
const RUN_PATTERN = /^\^\((\\[wd]|\[[^\]\\^[&-]*(?:[A-Za-z0-9]-[A-Za-z0-9][^\]\\^[&-]*)*\])([+*])\)$/;

interface KnownType {
  readonly bytes: Uint8Array;
  readonly count: MessageCount;
  /** Another with the same hash. */
  readonly next: KnownType | undefined;
}

export class TypePattern {
  readonly expression: RegExp;
  /** For each byte, 1 if the class contains it. Null if the pattern has another form. */
  readonly isInRun: Uint8Array | null;
  readonly mayRunBeEmpty: boolean;

  constructor({ source, flags }: { source: string; flags: string }) {
    const lasting = flags.replace(/[gy]/g, "");
    this.expression = new RegExp(source, lasting);
    const run = lasting.includes("m") ? null : RUN_PATTERN.exec(source);
    this.mayRunBeEmpty = run?.[2] === "*";
    const one = run && new RegExp(`^${run[1]}$`, lasting);
    this.isInRun =
      one && Uint8Array.from({ length: 256 }, (_, byte) => (one.test(String.fromCharCode(byte)) ? 1 : 0));
  }
}

export class MessageTypes {
  readonly #pattern: TypePattern;
  readonly #counts = new Map<string, MessageCount>();
  readonly #byHash = new Map<number, KnownType>();

  constructor(pattern: TypePattern) {
    this.#pattern = pattern;
  }

  /** The count for the type of the message between `from` and `to`, which may be cut after its first 256 bytes. */
  of(bytes: Uint8Array, from: number, to: number): MessageCount {
    const { isInRun, mayRunBeEmpty, expression } = this.#pattern;
    const until = Math.min(to, from + MAX_HEAD_BYTES);
    if (!isInRun) return this.#named(expression.exec(headText(bytes, from, until))?.[1] ?? OTHER);
    let end = from;
    let hash = 0;
    for (; end < until && isInRun[bytes[end]!] === 1; end += 1)
      hash = (Math.imul(hash, 31) + bytes[end]!) | 0;
    if (end === from && !mayRunBeEmpty) return this.#named(OTHER);
    for (let known = this.#byHash.get(hash); known; known = known.next)
      if (isSame(known.bytes, bytes, from, end)) return known.count;
    return this.#learn(hash, bytes.slice(from, end));
  }

  counts(): MessageCount[] {
    return [...this.#counts.values()].map((count) => ({ ...count }));
  }

  #learn(hash: number, bytes: Uint8Array): MessageCount {
    const type = headText(bytes, 0, bytes.length);
    const count = this.#named(type);
    if (count.type === type) this.#byHash.set(hash, { bytes, count, next: this.#byHash.get(hash) });
    return count;
  }

  #named(type: string): MessageCount {
    const known = this.#counts.get(type);
    if (known) return known;
    const isRoom = this.#counts.size < MAX_TYPES || type === OTHER;
    if (!isRoom) return this.#named(OTHER);
    const fresh = { type, count: 0, bytes: 0 };
    this.#counts.set(type, fresh);
    return fresh;
  }
}

/** One character for each byte. */
export function headText(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let index = 0; index < known.length; index += 1)
    if (known[index] !== bytes[from + index]) return false;
  return true;
}
