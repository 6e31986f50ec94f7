// Waits for the moment at which a planned kill is due.
import { watch } from "node:fs";
import type { RequestKind } from "./history.ts";
import type { Trigger } from "./kill-plan.ts";

/** What a trigger waits for may not happen. */
const LIMIT_MS = 600;

export class KillTriggers {
  readonly #storeLog: string | null;
  #onRequest: (kind: RequestKind) => void = () => {};

  /** `storeLog` is the file that a commit writes to, null where none can be watched. */
  constructor(storeLog: string | null) {
    this.#storeLog = storeLog;
  }

  /** A request is sent in this turn of the event loop. */
  requestSent(kind: RequestKind): void {
    this.#onRequest(kind);
  }

  /** Resolves at that moment, or when it did not come within the limit. */
  async reached(trigger: Trigger): Promise<void> {
    if (trigger.kind === "any moment" || trigger.kind === "while starting") return;
    if (trigger.request !== null) await this.#requested(trigger.request);
    if (trigger.kind === "at a commit") await this.#committing();
    await waited(trigger.afterMs);
  }

  #requested(wanted: RequestKind): Promise<void> {
    return limited((resolve) => {
      this.#onRequest = (kind) => {
        if (kind === wanted) resolve();
      };
      return () => {
        this.#onRequest = () => {};
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

/** Timers round up to whole milliseconds, which is long here; 0 means the end of this turn of the event loop. */
function waited(afterMs: number): Promise<void> {
  return new Promise((resolve) => (afterMs < 1 ? setImmediate(resolve) : setTimeout(resolve, afterMs)));
}
