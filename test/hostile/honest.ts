// Honest clients, logged in, who ask for the list again and again and measure how long each answer takes.
import { setTimeout as delay } from "node:timers/promises";
import { join, type Ports, type WholeClient } from "../whole-client.ts";

/** As many as may register from one address in a minute. */
const CLIENTS = 10;
const PERIOD_MS = 10;

export class HonestClients {
  #latenciesMs: number[] = [];

  /** Rejects when one of them is cut. */
  static async start(ports: Ports): Promise<{ honest: HonestClients; whenCut: Promise<never> }> {
    const honest = new HonestClients();
    const clients: WholeClient[] = [];
    for (let number = 1; number <= CLIENTS; number++) clients.push(await join(ports, `Honest-${number}`));
    return { honest, whenCut: Promise.race(clients.map((client) => honest.#askOn(client))) };
  }

  /** Of the answers since the last time, in ms. */
  takeP99(): { p99Ms: number; answers: number } {
    const sorted = this.#latenciesMs.sort((one, other) => one - other);
    this.#latenciesMs = [];
    return { p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0, answers: sorted.length };
  }

  async #askOn({ control }: WholeClient): Promise<never> {
    for (;;) {
      await delay(PERIOD_MS);
      const sentMs = performance.now();
      control.says("list");
      while (!(await control.nextLine()).startsWith("listACK"));
      this.#latenciesMs.push(performance.now() - sentMs);
    }
  }
}
