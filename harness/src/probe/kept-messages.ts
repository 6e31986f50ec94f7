// Keeps the messages of one socket, for `--messages`: the beginning of each message, masked before it leaves the process,
// and its size; under TLS only the size. The number is bounded: later messages are only counted.
import type { MessageFormat } from "../scenario/scenario.ts";
import type { MessageAtEnd } from "../witness/socket-record.ts";
import { monotonicMs } from "./message.ts";
import { MAX_HEAD_BYTES } from "./message-types.ts";
import type { PayloadFormat } from "./payload-tally.ts";

/** In each direction, so that both ends of a connection keep the same messages. */
const MAX_IN_DIRECTION = 1_000;
const MAX_IN_PROCESS = 20_000;
/** Most messages are: then nothing has to be decoded or replaced. */
const PRINTABLE = /^[\x20-\x7e]*$/;
const CONTROL_CHARACTERS = /[\x00-\x1f\x7f]/g;

/** The text of a message as a report shows it, for tests of a scenario's masks. */
export function maskedMessage(
  { masks = [], separator }: Pick<MessageFormat, "masks" | "separator">,
  message: string,
): string {
  const plainMasks = masks.map(({ match: { source, flags }, becomes }) => ({ source, flags, becomes }));
  const kept = new KeptMessages({ masks: plainMasks }, separator, new MessageRoom());
  const bytes = Buffer.byteLength(message);
  kept.add("written", Buffer.from(message).subarray(0, MAX_HEAD_BYTES).toString("latin1"), bytes, "", false);
  return kept.take()?.said[0]?.text ?? "";
}

export type KeptFormat = NonNullable<PayloadFormat["kept"]>;

/** Shared by all sockets of a process. */
export class MessageRoom {
  left = MAX_IN_PROCESS;
}

export class KeptMessages {
  readonly #masks: { match: RegExp; becomes: string }[];
  readonly #separator: string;
  readonly #room: MessageRoom;
  readonly #counts = { written: 0, read: 0 };
  #unreported: MessageAtEnd[] = [];
  #droppedCount = 0;
  #isChanged = false;

  constructor({ masks }: KeptFormat, separator: string, room: MessageRoom) {
    this.#masks = masks.map(({ source, flags, becomes }) => ({ match: new RegExp(source, flags), becomes }));
    this.#separator = separator;
    this.#room = room;
  }

  hasRoom(direction: MessageAtEnd["direction"]): boolean {
    return this.#counts[direction] < MAX_IN_DIRECTION && this.#room.left > 0;
  }

  /** `head` is the beginning of the message, one character for each byte; null is enough without room. */
  add(
    direction: MessageAtEnd["direction"],
    head: string | null,
    bytes: number,
    type: string,
    isTls: boolean,
  ): void {
    this.#isChanged = true;
    if (head === null || !this.hasRoom(direction)) {
      this.#droppedCount += 1;
      return;
    }
    this.#counts[direction] += 1;
    this.#room.left -= 1;
    const content = isTls ? { type: null, text: null } : { type, text: this.#readable(head, bytes) };
    this.#unreported.push({ direction, atMs: monotonicMs(), bytes, ...content });
  }

  /** The messages kept since the last call, and the total number dropped; null if no message came. */
  take(): { said: MessageAtEnd[]; droppedCount: number } | null {
    if (!this.#isChanged) return null;
    const said = this.#unreported;
    this.#unreported = [];
    this.#isChanged = false;
    return { said, droppedCount: this.#droppedCount };
  }

  #readable(head: string, bytes: number): string {
    const line = head.endsWith(this.#separator) ? head.slice(0, -1) : head;
    let masked = PRINTABLE.test(line) ? line : Buffer.from(line, "latin1").toString().replace(/\r$/, "");
    for (const { match, becomes } of this.#masks) masked = masked.replace(match, becomes);
    const isCut = head.length < bytes;
    const shown = PRINTABLE.test(masked) ? masked : masked.replace(CONTROL_CHARACTERS, "·");
    return isCut && !shown.endsWith("…") ? `${shown}…` : shown;
  }
}
