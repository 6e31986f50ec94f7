// Whether changes can be stored: reported once when they cannot, and once when they can again.

export interface StoreHealth {
  /** The disk is full, or the database does not answer, for example. */
  onTrouble?(reason: string): void;
  onRecovered?(): void;
}

/** A database whose disk is full can still be read. */
type Use = "read" | "write";

export class StoreTrouble {
  readonly #health: StoreHealth;
  #since: Use | null = null;

  constructor(health: StoreHealth) {
    this.#health = health;
  }

  begin(reason: string, use: Use = "write"): void {
    if (!this.#since) this.#health.onTrouble?.(`what clients ask for cannot be kept (${reason})`);
    if (this.#since !== "write") this.#since = use;
  }

  /** Trouble that a write found ends only with a write. */
  end(use: Use = "write"): void {
    if (!this.#since || (this.#since === "write" && use === "read")) return;
    this.#since = null;
    this.#health.onRecovered?.();
  }
}
