// Honest clients, logged in, who ask for the list again and again and measure how long each answer takes.
import { setTimeout as delay } from "node:timers/promises";
import { join, type Ports, type WholeClient } from "../../test/wire/whole-client.ts";

/** As many as may register from one address in a minute. */
const CLIENTS = 10;
const PERIOD_MS = 10;

export interface P99 {
  ms: number;
  answers: number;
}

export class HonestClients {
  #latenciesMs: number[] = [];
  /** Of all stretches that had the same name, in ms. */
  readonly #byStretch = new Map<string, number[]>();

  /** Rejects when one of them is cut. */
  static async start(ports: Ports): Promise<{ honest: HonestClients; whenCut: Promise<never> }> {
    const honest = new HonestClients();
    const clients: WholeClient[] = [];
    for (let number = 1; number <= CLIENTS; number++) clients.push(await join(ports, `Honest-${number}`));
    return { honest, whenCut: Promise.race(clients.map((client) => honest.#askOn(client))) };
  }

  /** Of the answers since the last stretch ended. */
  endStretch(name: string): P99 {
    const latencies = this.#latenciesMs;
    this.#latenciesMs = [];
    this.#byStretch.set(name, [...(this.#byStretch.get(name) ?? []), ...latencies]);
    return p99(latencies);
  }

  /** Of all answers in all stretches so named: a machine that stands still for once is in few of them. */
  together(name: RegExp): P99 {
    return p99([...this.#byStretch].flatMap(([each, latencies]) => (name.test(each) ? latencies : [])));
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

function p99(latenciesMs: readonly number[]): P99 {
  const sorted = latenciesMs.toSorted((one, other) => one - other);
  return { ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0, answers: sorted.length };
}
