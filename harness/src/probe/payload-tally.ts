// Takes one direction of a connection's payload apart into messages, as the scenario's format says, and counts them
// and their bytes by type. Of a message only its beginning is ever held, so nothing a peer sends can make it grow.
// Whoever wants the messages themselves, not only their counts, hears of each through `onMessage`.
import type { MessageCount } from "../result/result.ts";

export interface PayloadFormat {
  /** One byte that ends each message; it counts as the message's last. */
  separator: string;
  /** Source and flags of a pattern over a message's first 256 bytes: its first group is the type. */
  type: { source: string; flags: string };
  /** Messages are to be kept, not only counted, with the masks done on them in turn. */
  kept?: { masks: { source: string; flags: string; becomes: string }[] };
}

/** `head` is the message's beginning, a character each byte, `bytes` its whole length. */
type OnMessage = (head: string, bytes: number, type: string) => void;

export const MOST_HEAD_BYTES = 256;
const MOST_TYPES = 200;
const OTHER = "other";
const UNFINISHED = "unfinished";

export class PayloadTally {
  readonly #separatorByte: number;
  readonly #type: RegExp;
  readonly #onMessage: OnMessage;
  readonly #counts = new Map<string, MessageCount>();
  #head = "";
  #messageBytes = 0;
  #isChanged = false;

  constructor(format: PayloadFormat, onMessage: OnMessage = () => {}) {
    this.#separatorByte = format.separator.charCodeAt(0);
    this.#type = new RegExp(format.type.source, format.type.flags.replace(/[gy]/g, ""));
    this.#onMessage = onMessage;
  }

  /** Something came since `counts` was last taken. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#isChanged = true;
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let from = 0;
    for (let end = this.#endOf(bytes, from); end > 0; end = this.#endOf(bytes, from)) {
      this.#grow(buffer, from, end);
      this.#finish();
      from = end;
    }
    if (from < bytes.length) this.#grow(buffer, from, bytes.length);
  }

  /** So far; what has not ended yet is of the type `unfinished`, so that the bytes always add up. */
  counts(): MessageCount[] {
    this.#isChanged = false;
    const counts = [...this.#counts.values()].map((count) => ({ ...count }));
    if (this.#messageBytes === 0) return counts;
    return [...counts, { type: UNFINISHED, count: 1, bytes: this.#messageBytes }];
  }

  /** The place after the next separator, or 0. */
  #endOf(bytes: Uint8Array, from: number): number {
    return bytes.indexOf(this.#separatorByte, from) + 1;
  }

  #grow(bytes: Buffer, from: number, to: number): void {
    const room = MOST_HEAD_BYTES - this.#head.length;
    if (room > 0) this.#head += bytes.toString("latin1", from, Math.min(to, from + room));
    this.#messageBytes += to - from;
  }

  #finish(): void {
    const type = this.#type.exec(this.#head)?.[1] ?? OTHER;
    this.#onMessage(this.#head, this.#messageBytes, type);
    const count = this.#countOf(type);
    count.count += 1;
    count.bytes += this.#messageBytes;
    this.#head = "";
    this.#messageBytes = 0;
  }

  #countOf(named: string): MessageCount {
    const known = this.#counts.get(named);
    if (known) return known;
    const isRoom = this.#counts.size < MOST_TYPES || named === OTHER;
    if (!isRoom) return this.#countOf(OTHER);
    const fresh = { type: named, count: 0, bytes: 0 };
    this.#counts.set(named, fresh);
    return fresh;
  }
}
