// Many writes, one transaction: what is queued in one turn of the event loop is committed together, for a commit's
// price is the wait for the disk and not the rows. A write that fails does not take its neighbours with it.
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { StoreError } from "./store.ts";

interface QueuedWrite {
  run(): void;
  succeed(): void;
  fail(error: StoreError): void;
}

export class GroupedCommits {
  readonly #database: DatabaseSyncInstance;
  #queue: QueuedWrite[] = [];

  constructor(database: DatabaseSyncInstance) {
    this.#database = database;
  }

  /** `work` runs inside a transaction, perhaps more than once; resolves to what it gave, once that is on disk. */
  write<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let value: T;
      const run = () => {
        value = work();
      };
      if (this.#queue.length === 0) setImmediate(() => this.flush());
      this.#queue.push({ run, succeed: () => resolve(value), fail: reject });
    });
  }

  flush(): void {
    const writes = this.#queue;
    this.#queue = [];
    if (writes.length === 0) return;
    const error = this.#commit(writes);
    if (error === null) for (const write of writes) write.succeed();
    else if (writes.length === 1) writes[0]?.fail(error);
    else for (const write of writes) this.#commitAlone(write);
  }

  #commitAlone(write: QueuedWrite): void {
    const error = this.#commit([write]);
    if (error === null) write.succeed();
    else write.fail(error);
  }

  #commit(writes: QueuedWrite[]): StoreError | null {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      for (const write of writes) write.run();
      this.#database.exec("COMMIT");
      return null;
    } catch (cause) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      return new StoreError("the write was not kept", { cause });
    }
  }
}
