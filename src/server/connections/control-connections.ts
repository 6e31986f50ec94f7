// The open control connections, by the id that each got with `secport` (docs/PROTOCOL.md §2).
import { toBase64url } from "../../game/base64url.ts";
import type { ControlConnection } from "./control-connection.ts";

const CONNECTION_ID_BYTES = 16;
/** Random bytes are drawn for many ids at once, because each draw costs half as much as opening a connection. */
const DRAWN_BYTES = 64 * CONNECTION_ID_BYTES;

export class ControlConnections implements Iterable<ControlConnection> {
  readonly #byId = new Map<string, ControlConnection>();
  readonly #random: (bytes: number) => Buffer;
  /** Random bytes not used yet. */
  #drawn: Buffer = Buffer.alloc(0);

  constructor(random: (bytes: number) => Buffer) {
    this.#random = random;
  }

  newId(): string {
    if (this.#drawn.length === 0) this.#drawn = this.#random(DRAWN_BYTES);
    const id = toBase64url(this.#drawn.subarray(0, CONNECTION_ID_BYTES));
    this.#drawn = this.#drawn.subarray(CONNECTION_ID_BYTES);
    return id;
  }

  add(control: ControlConnection): void {
    this.#byId.set(control.id, control);
  }

  delete(control: ControlConnection): void {
    this.#byId.delete(control.id);
  }

  byId(connectionId: string): ControlConnection | undefined {
    return this.#byId.get(connectionId);
  }

  [Symbol.iterator](): Iterator<ControlConnection> {
    return this.#byId.values();
  }
}
