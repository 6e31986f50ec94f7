// Whether what clients ask for can be kept: told once when it cannot, and once when it can again.

export interface StoreHealth {
  /** The disk is full, or the database does not answer, for example. */
  onTrouble?(reason: string): void;
  onRecovered?(): void;
}

export class StoreTrouble {
  readonly #health: StoreHealth;
  #isOn = false;

  constructor(health: StoreHealth) {
    this.#health = health;
  }

  begin(reason: string): void {
    if (!this.#isOn) this.#health.onTrouble?.(`what clients ask for cannot be kept (${reason})`);
    this.#isOn = true;
  }

  end(): void {
    if (this.#isOn) this.#health.onRecovered?.();
    this.#isOn = false;
  }
}
