// Which program listens on which address and port: an accepted connection that no look saw is known by it.
import type { KernelSocket } from "./ss-lines.ts";

const ANY_ADDRESS = new Set(["*", "0.0.0.0", "::"]);

/** `Program` is what a listening socket belongs to; null stands for somebody who is not watched. */
export class Listeners<Program> {
  readonly #programs = new Map<string, Program | null>();

  /** One that is gone stays known, for what it accepted may end later. */
  add({ local }: KernelSocket, program: Program | null): void {
    const key = keyOf(local.address, local.port);
    if (program || !this.#programs.get(key)) this.#programs.set(key, program);
  }

  /** Who would accept a connection to this end; as in the kernel, the full address comes before any address. */
  ownerOf({ local }: KernelSocket): Program | null {
    const exact = this.#programs.get(keyOf(local.address, local.port));
    return exact === undefined ? (this.#programs.get(keyOf("*", local.port)) ?? null) : exact;
  }
}

function keyOf(address: string, port: number): string {
  return `${ANY_ADDRESS.has(address) ? "*" : address}|${port}`;
}
