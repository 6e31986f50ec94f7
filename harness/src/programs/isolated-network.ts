// A network namespace with one link to this machine, for a program whose network is to fail as networks do: the link
// goes down, and nobody is told. Linux only, and only with the right to make one (root has it).
import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { promisify } from "node:util";
import type { Caretaker } from "../leftovers/caretaker.ts";
import type { IsolatedNetwork } from "../scenario/scenario.ts";

const run = promisify(execFile);

const PLACES = 256 * 64;
/** Of the next network of this process. */
let next = randomInt(PLACES);

export class NetworkNamespace implements IsolatedNetwork {
  readonly address: string;
  readonly #name: string;
  readonly hostAddress: string;
  readonly #caretaker: Caretaker;

  /** Null where that is not permitted, or not possible. */
  static async make(caretaker: Caretaker): Promise<NetworkNamespace | null> {
    const namespace = new NetworkNamespace(caretaker);
    try {
      await namespace.#build();
      return namespace;
    } catch {
      await namespace.remove();
      return null;
    }
  }

  private constructor(caretaker: Caretaker) {
    this.#caretaker = caretaker;
    const place = next++ % PLACES;
    this.#name = `net${process.pid}-${place}`;
    // 198.18.0.0/15 is set aside for such tests (RFC 2544). A /30 has room for two.
    const network = `198.18.${Math.floor(place / 64)}`;
    const first = 4 * (place % 64);
    this.hostAddress = `${network}.${first + 1}`;
    this.address = `${network}.${first + 2}`;
  }

  command(words: string[]): string[] {
    const [first, ...rest] = words;
    return ["ip", "netns", "exec", this.#name, first === "node" ? process.execPath : (first ?? ""), ...rest];
  }

  async down(): Promise<void> {
    await this.#set("down");
  }

  async up(): Promise<void> {
    await this.#set("up");
  }

  async remove(): Promise<void> {
    await run("ip", ["netns", "del", this.#name]).catch(() => {});
    this.#caretaker.forgetNamespace(this.#name);
  }

  async #build(): Promise<void> {
    const [name, hostAddress, address] = [this.#name, this.hostAddress, this.address];
    this.#caretaker.watchNamespace(name);
    await run("ip", ["netns", "add", name]);
    // The other end is made inside, and goes with the namespace.
    await run("ip", ["link", "add", name, "type", "veth", "peer", "name", "inside", "netns", name]);
    await run("ip", ["addr", "add", `${hostAddress}/30`, "dev", name]);
    await run("ip", ["link", "set", name, "up"]);
    await run("ip", ["-n", name, "addr", "add", `${address}/30`, "dev", "inside"]);
    await run("ip", ["-n", name, "link", "set", "lo", "up"]);
    await this.up();
  }

  async #set(state: "up" | "down"): Promise<void> {
    await run("ip", ["-n", this.#name, "link", "set", "inside", state]);
  }
}
