// Splits the payload of one direction of a connection into messages by the scenario's format, and counts them and their
// bytes by type. It stores only the beginning of a message, so memory is bounded whatever a peer sends. It runs for
// every chunk that the program reads or writes, so it avoids allocations for each message.
import type { MessageCount } from "../result/result.ts";
import { headText, MAX_HEAD_BYTES, MessageTypes, TypePattern } from "./message-types.ts";

export interface PayloadFormat {
  /** One byte that ends each message; it counts as the last byte of the message. */
  separator: string;
  /** Source and flags of a pattern for the first 256 bytes of a message: its first group is the type. */
  type: { source: string; flags: string };
  /** Set if messages are kept and not only counted; the masks are applied in order. */
  kept?: { masks: { source: string; flags: string; becomes: string }[] } | undefined;
}

export interface MessageListener {
  /** The listener wants the beginning of the next message. */
  readonly isRoom: boolean;
  /** `head` is the beginning of the message, one character for each byte, or null without room; `bytes` its length. */
  add(head: string | null, bytes: number, type: string): void;
}

const UNFINISHED = "unfinished";
const NOTHING = new Uint8Array(0);
/** The end of a shorter message is found by a loop, because a call of `indexOf` costs more. */
const SHORT_BYTES = 96;
const SCRATCH = Buffer.allocUnsafeSlow(65_536);
const LONGEST_CHARACTER_BYTES = 3;
/** A shorter text is copied by a loop, because a call of `write` costs more. */
const SHORT_TEXT = 256;
const LAST_ASCII = 0x7f;
/** Encodings in which an ASCII character is the same byte. */
const IS_ASCII_KEPT: Partial<Record<BufferEncoding, true>> = {
  utf8: true,
  "utf-8": true,
  latin1: true,
  binary: true,
  ascii: true,
};

const patterns = new WeakMap<PayloadFormat, TypePattern>();

export class PayloadTally {
  readonly #separatorByte: number;
  readonly #types: MessageTypes;
  readonly #listener: MessageListener | undefined;
  /** The beginning of a message that did not end with its chunk. */
  #held = NOTHING;
  #heldBytes = 0;
  #unfinishedBytes = 0;
  #isChanged = false;

  constructor(format: PayloadFormat, listener?: MessageListener) {
    this.#separatorByte = format.separator.charCodeAt(0);
    this.#types = new MessageTypes(patternOf(format));
    this.#listener = listener;
  }

  /** Payload arrived since the last call of `counts`. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  add(bytes: Uint8Array): void {
    this.#addUntil(bytes, bytes.length);
  }

  addText(text: string, encoding: BufferEncoding): void {
    if (text.length * LONGEST_CHARACTER_BYTES > SCRATCH.length) this.add(Buffer.from(text, encoding));
    else if (IS_ASCII_KEPT[encoding] && text.length < SHORT_TEXT) this.#addShortText(text, encoding);
    else this.#addUntil(SCRATCH, SCRATCH.write(text, 0, SCRATCH.length, encoding));
  }

  /** The counts so far. A message that has not ended has the type `unfinished`, so that the bytes always add up. */
  counts(): MessageCount[] {
    this.#isChanged = false;
    const counts = this.#types.counts();
    if (this.#unfinishedBytes === 0) return counts;
    return [...counts, { type: UNFINISHED, count: 1, bytes: this.#unfinishedBytes }];
  }

  /** In one pass, as long as each character is a byte of its own. */
  #addShortText(text: string, encoding: BufferEncoding): void {
    let from = 0;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > LAST_ASCII) {
        const rest = Buffer.from(text.slice(from), encoding);
        this.#addUntil(rest, rest.length);
        return;
      }
      SCRATCH[index] = code;
      if (code !== this.#separatorByte) continue;
      this.#complete(SCRATCH, from, index + 1);
      from = index + 1;
    }
    if (from < text.length) this.#hold(SCRATCH, from, text.length);
  }

  #addUntil(bytes: Uint8Array, to: number): void {
    let from = 0;
    for (let end = this.#endOf(bytes, from, to); end > 0; end = this.#endOf(bytes, from, to)) {
      this.#complete(bytes, from, end);
      from = end;
    }
    if (from < to) this.#hold(bytes, from, to);
  }

  /** A message ends: all of it is between `from` and `to`, or its last part. */
  #complete(bytes: Uint8Array, from: number, to: number): void {
    if (this.#unfinishedBytes === 0) {
      this.#isChanged = true;
      this.#finish(bytes, from, to, to - from);
      return;
    }
    this.#hold(bytes, from, to);
    this.#finish(this.#held, 0, this.#heldBytes, this.#unfinishedBytes);
    this.#heldBytes = 0;
    this.#unfinishedBytes = 0;
  }

  /** The position after the next separator, or 0. */
  #endOf(bytes: Uint8Array, from: number, to: number): number {
    const separator = this.#separatorByte;
    const shortEnd = Math.min(to, from + SHORT_BYTES);
    for (let index = from; index < shortEnd; index += 1) if (bytes[index] === separator) return index + 1;
    if (shortEnd === to) return 0;
    const found = bytes.indexOf(separator, shortEnd) + 1;
    return found > to ? 0 : found;
  }

  #hold(bytes: Uint8Array, from: number, to: number): void {
    this.#isChanged = true;
    if (this.#held === NOTHING) this.#held = new Uint8Array(MAX_HEAD_BYTES);
    const until = Math.min(to, from + MAX_HEAD_BYTES - this.#heldBytes);
    if (until > from) {
      this.#held.set(bytes.subarray(from, until), this.#heldBytes);
      this.#heldBytes += until - from;
    }
    this.#unfinishedBytes += to - from;
  }

  #finish(head: Uint8Array, from: number, to: number, messageBytes: number): void {
    const count = this.#types.of(head, from, to);
    count.count += 1;
    count.bytes += messageBytes;
    const listener = this.#listener;
    if (!listener) return;
    const text = listener.isRoom ? headText(head, from, Math.min(to, from + MAX_HEAD_BYTES)) : null;
    listener.add(text, messageBytes, count.type);
  }
}

/** Shared by all sockets of a process. */
function patternOf(format: PayloadFormat): TypePattern {
  const known = patterns.get(format);
  if (known) return known;
  const pattern = new TypePattern(format.type);
  patterns.set(format, pattern);
  return pattern;
}
