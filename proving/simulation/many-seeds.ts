// Spreads many seeds over worker threads.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { addTotals, newTotals, type Totals } from "./totals.ts";
import type { Batch } from "./worker.ts";

const BATCH_LENGTH = 50;
/** Stop after this many failures. */
const ENOUGH_FAILURES = 5;

export interface ManySeedsOptions {
  from: number;
  seeds: number;
  plant: string | undefined;
  jobs: number | undefined;
}

export class ManySeeds {
  readonly totals = newTotals();
  readonly #options: ManySeedsOptions;
  #next: number;

  constructor(options: ManySeedsOptions) {
    this.#options = options;
    this.#next = options.from;
  }

  async run(): Promise<void> {
    const jobs = this.#options.jobs ?? availableParallelism();
    await Promise.all(Array.from({ length: jobs }, () => this.#work()));
    this.totals.failures.sort((one, other) => one.seed - other.seed);
  }

  #work(): Promise<void> {
    const worker = new Worker(new URL("./worker.js", import.meta.url));
    return new Promise<void>((resolve, reject) => {
      const goOn = () => {
        const batch = this.#nextBatch();
        if (batch) worker.postMessage(batch);
        else resolve();
      };
      worker.on("error", reject);
      worker.on("message", (totals: Totals) => {
        addTotals(this.totals, totals);
        goOn();
      });
      goOn();
    }).finally(() => worker.terminate());
  }

  #nextBatch(): Batch | null {
    const { from, seeds, plant } = this.#options;
    const left = from + seeds - this.#next;
    if (left <= 0 || this.totals.failures.length >= ENOUGH_FAILURES) return null;
    const batch = { from: this.#next, count: Math.min(BATCH_LENGTH, left), plant };
    this.#next += batch.count;
    return batch;
  }
}
