// Honest clients that are logged in, request the list again and again, and measure the latency of each answer.
import { setTimeout as delay } from "node:timers/promises";
import { quantile } from "fiel";
import { join, type Ports, type WholeClient } from "../../test/wire/whole-client.ts";

/** The limit of registrations from one address in a minute. */
const CLIENTS = 10;
const PERIOD_MS = 10;

export interface P99 {
  /** NaN without answers. */
  ms: number;
  answers: number;
}

export class HonestClients {
  #latenciesMs: number[] = [];
  /** Latencies in ms by the name of the stretch. */
  readonly #byStretch = new Map<string, number[]>();

  /** `whenCut` rejects when the server closes the connection of one of them. */
  static async start(ports: Ports): Promise<{ honest: HonestClients; whenCut: Promise<never> }> {
    const honest = new HonestClients();
    const clients: WholeClient[] = [];
    for (let number = 1; number <= CLIENTS; number++) clients.push(await join(ports, `Honest-${number}`));
    return { honest, whenCut: Promise.race(clients.map((client) => honest.#askOn(client))) };
  }

  /** Ends a stretch and returns the p99 of its answers. */
  endStretch(name: string): P99 {
    const latencies = this.#latenciesMs;
    this.#latenciesMs = [];
    this.#byStretch.set(name, [...(this.#byStretch.get(name) ?? []), ...latencies]);
    return p99(latencies);
  }

  /** The p99 of all answers in the stretches whose name matches: one pause of the machine affects few of them. */
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
  return { ms: quantile(latenciesMs, 0.99), answers: latenciesMs.length };
}
