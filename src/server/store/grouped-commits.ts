// Grouped commits: the writes of one turn of the event loop share a transaction, because a commit costs the wait for the
// disk, however many rows it has. A write that fails does not fail the others.
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { errorText } from "../startup-error.ts";
import { checkpoint } from "./database-file.ts";
import { StoreError } from "./store.ts";
import { type StoreHealth, StoreTrouble } from "./store-trouble.ts";

interface QueuedWrite {
  run(): void;
  succeed(): void;
  fail(error: StoreError): void;
}

export class GroupedCommits {
  readonly #database: DatabaseSyncInstance;
  readonly #trouble: StoreTrouble;
  #queue: QueuedWrite[] = [];
  #hasCommitted = false;

  constructor(database: DatabaseSyncInstance, health: StoreHealth) {
    this.#database = database;
    this.#trouble = new StoreTrouble(health);
  }

  /** Runs `work` inside a transaction, perhaps more than once; resolves to its result once that is on disk. */
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
    const [first, ...others] = writes;
    if (error === null) for (const write of writes) write.succeed();
    else if (first && others.length === 0) this.#fail(first, error);
    else for (const write of writes) this.#commitAlone(write);
  }

  /** Moves what was committed from the database's log to its file. On a full disk the next one does. */
  checkpoint(): void {
    if (!this.#hasCommitted) return;
    try {
      checkpoint(this.#database);
      this.#hasCommitted = false;
    } catch {
      // Everything committed is in the log.
    }
  }

  #commitAlone(write: QueuedWrite): void {
    const error = this.#commit([write]);
    if (error === null) write.succeed();
    else this.#fail(write, error);
  }

  #fail(write: QueuedWrite, error: StoreError): void {
    this.#trouble.begin(errorText(error.cause));
    write.fail(error);
  }

  #commit(writes: QueuedWrite[]): StoreError | null {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      for (const write of writes) write.run();
      this.#database.exec("COMMIT");
      this.#hasCommitted = true;
      this.#trouble.end();
      return null;
    } catch (cause) {
      this.#rollBack();
      return new StoreError("the write was not kept", { cause });
    }
  }

  /** After some errors, a full disk among them, SQLite has rolled back already. */
  #rollBack(): void {
    if (!this.#database.isTransaction) return;
    try {
      this.#database.exec("ROLLBACK");
    } catch {
      // The next write finds the transaction open, fails, and comes here again.
    }
  }
}
