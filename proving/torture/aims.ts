// Waits for the moment that a kill is aimed at.
import { watch } from "node:fs";
import type { Asked } from "./history.ts";
import type { Aim } from "./kill-plan.ts";

/** What an aim waits for may not come. */
const LIMIT_MS = 600;

export class Aims {
  readonly #storeLog: string | null;
  #onAsked: (kind: Asked["kind"]) => void = () => {};

  /** `storeLog` is the file that a commit writes to, where one can be watched. */
  constructor(storeLog: string | null) {
    this.#storeLog = storeLog;
  }

  /** A request leaves in this turn of the event loop. */
  asked(kind: Asked["kind"]): void {
    this.#onAsked(kind);
  }

  /** Resolves at the moment, or when it did not come in time. */
  async reached(aim: Aim): Promise<void> {
    if (aim.kind === "any moment" || aim.kind === "while starting") return;
    if (aim.request !== null) await this.#requested(aim.request);
    if (aim.kind === "at a commit") await this.#committing();
    await waited(aim.afterMs);
  }

  #requested(wanted: Asked["kind"]): Promise<void> {
    return limited((resolve) => {
      this.#onAsked = (kind) => {
        if (kind === wanted) resolve();
      };
      return () => {
        this.#onAsked = () => {};
      };
    });
  }

  async #committing(): Promise<void> {
    const storeLog = this.#storeLog;
    if (storeLog === null) return;
    await limited((resolve) => {
      const watcher = watch(storeLog, resolve);
      watcher.on("error", resolve);
      return () => watcher.close();
    });
  }
}

function limited(begin: (resolve: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(limit);
      end();
      resolve();
    };
    const limit = setTimeout(finish, LIMIT_MS);
    const end = begin(finish);
  });
}

/** Timers round up to whole milliseconds, which is long for such a window; 0 is the end of this turn. */
function waited(afterMs: number): Promise<void> {
  return new Promise((resolve) => (afterMs < 1 ? setImmediate(resolve) : setTimeout(resolve, afterMs)));
}
