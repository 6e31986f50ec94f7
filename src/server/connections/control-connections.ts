// The control connections that are open, by the id that `secport` told each (docs/PROTOCOL.md §2).
import { toBase64url } from "../../game/base64url.ts";
import type { ControlConnection } from "./control-connection.ts";

const CONNECTION_ID_BYTES = 16;

export class ControlConnections implements Iterable<ControlConnection> {
  readonly #byId = new Map<string, ControlConnection>();
  readonly #random: (bytes: number) => Buffer;

  constructor(random: (bytes: number) => Buffer) {
    this.#random = random;
  }

  newId(): string {
    return toBase64url(this.#random(CONNECTION_ID_BYTES));
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
