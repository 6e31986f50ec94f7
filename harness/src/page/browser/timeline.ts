// The time axis that all charts share: the visible window of the run, and the moment that the pointer is at.

export interface Window {
  fromS: number;
  toS: number;
}

const MIN_WINDOW_S = 0.02;
const ZOOM_FACTOR = 2;

export class Timeline {
  readonly durationS: number;
  #window: Window;
  #pointedS: number | null = null;
  readonly #windowListeners: ((window: Window) => void)[] = [];
  readonly #pointListeners: ((timeS: number | null) => void)[] = [];

  constructor(durationS: number) {
    this.durationS = Math.max(durationS, MIN_WINDOW_S);
    this.#window = { fromS: 0, toS: this.durationS };
  }

  get window(): Window {
    return this.#window;
  }

  get isWhole(): boolean {
    return this.#window.fromS === 0 && this.#window.toS === this.durationS;
  }

  get pointedS(): number | null {
    return this.#pointedS;
  }

  onWindow(listener: (window: Window) => void): void {
    this.#windowListeners.push(listener);
  }

  onPoint(listener: (timeS: number | null) => void): void {
    this.#pointListeners.push(listener);
  }

  point(timeS: number | null): void {
    if (timeS === this.#pointedS) return;
    this.#pointedS = timeS;
    for (const listener of this.#pointListeners) listener(timeS);
  }

  show(fromS: number, toS: number): void {
    const lengthS = Math.min(Math.max(toS - fromS, MIN_WINDOW_S), this.durationS);
    const startS = Math.min(Math.max(fromS, 0), this.durationS - lengthS);
    this.#window = { fromS: startS, toS: startS + lengthS };
    for (const listener of this.#windowListeners) listener(this.#window);
  }

  showAll(): void {
    this.show(0, this.durationS);
  }

  /** Zooms around the pointed moment, or around the middle. */
  zoom(direction: "in" | "out"): void {
    const { fromS, toS } = this.#window;
    const factor = direction === "in" ? 1 / ZOOM_FACTOR : ZOOM_FACTOR;
    const pointed = this.#pointedS ?? (fromS + toS) / 2;
    const anchorS = Math.min(Math.max(pointed, fromS), toS);
    this.show(anchorS - (anchorS - fromS) * factor, anchorS + (toS - anchorS) * factor);
  }

  /** Moves the window by a share of its length. */
  pan(share: number): void {
    const { fromS, toS } = this.#window;
    const byS = (toS - fromS) * share;
    this.show(fromS + byS, toS + byS);
  }

  /** Moves the pointed moment by a share of the window. */
  step(share: number): void {
    const { fromS, toS } = this.#window;
    const fromPoint = this.#pointedS ?? (fromS + toS) / 2;
    this.point(Math.min(Math.max(fromPoint + (toS - fromS) * share, fromS), toS));
  }
}
