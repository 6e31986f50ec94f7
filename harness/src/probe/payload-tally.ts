// Splits the payload of one direction of a connection into messages by the scenario's format, and counts them and their
// bytes by type. It stores only the beginning of a message, so memory is bounded whatever a peer sends. `onMessage`
// receives each message.
import type { MessageCount } from "../result/result.ts";

export interface PayloadFormat {
  /** One byte that ends each message; it counts as the last byte of the message. */
  separator: string;
  /** Source and flags of a pattern for the first 256 bytes of a message: its first group is the type. */
  type: { source: string; flags: string };
  /** Set if messages are kept and not only counted; the masks are applied in order. */
  kept?: { masks: { source: string; flags: string; becomes: string }[] } | undefined;
}

/** `head` is the beginning of the message, one character for each byte; `bytes` is its whole length. */
type OnMessage = (head: string, bytes: number, type: string) => void;

export const MAX_HEAD_BYTES = 256;
const MAX_TYPES = 200;
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

  /** Payload arrived since the last call of `counts`. */
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

  /** The counts so far. A message that has not ended has the type `unfinished`, so that the bytes always add up. */
  counts(): MessageCount[] {
    this.#isChanged = false;
    const counts = [...this.#counts.values()].map((count) => ({ ...count }));
    if (this.#messageBytes === 0) return counts;
    return [...counts, { type: UNFINISHED, count: 1, bytes: this.#messageBytes }];
  }

  /** The position after the next separator, or 0. */
  #endOf(bytes: Uint8Array, from: number): number {
    return bytes.indexOf(this.#separatorByte, from) + 1;
  }

  #grow(bytes: Buffer, from: number, to: number): void {
    const room = MAX_HEAD_BYTES - this.#head.length;
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
    const isRoom = this.#counts.size < MAX_TYPES || named === OTHER;
    if (!isRoom) return this.#countOf(OTHER);
    const fresh = { type: named, count: 0, bytes: 0 };
    this.#counts.set(named, fresh);
    return fresh;
  }
}
