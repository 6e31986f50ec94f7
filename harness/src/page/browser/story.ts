// The time that all charts share: which part of the run is seen, and which moment is pointed at.

export interface Window {
  fromS: number;
  toS: number;
}

const LEAST_S = 0.02;
const ZOOM_FACTOR = 2;

export class Story {
  readonly durationS: number;
  #window: Window;
  #pointedS: number | null = null;
  readonly #windowListeners: ((window: Window) => void)[] = [];
  readonly #pointListeners: ((timeS: number | null) => void)[] = [];

  constructor(durationS: number) {
    this.durationS = Math.max(durationS, LEAST_S);
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
    const lengthS = Math.min(Math.max(toS - fromS, LEAST_S), this.durationS);
    const startS = Math.min(Math.max(fromS, 0), this.durationS - lengthS);
    this.#window = { fromS: startS, toS: startS + lengthS };
    for (const listener of this.#windowListeners) listener(this.#window);
  }

  showAll(): void {
    this.show(0, this.durationS);
  }

  /** Around what is pointed at, or the middle. */
  zoom(direction: "in" | "out"): void {
    const { fromS, toS } = this.#window;
    const factor = direction === "in" ? 1 / ZOOM_FACTOR : ZOOM_FACTOR;
    const pointed = this.#pointedS ?? (fromS + toS) / 2;
    const anchorS = Math.min(Math.max(pointed, fromS), toS);
    this.show(anchorS - (anchorS - fromS) * factor, anchorS + (toS - anchorS) * factor);
  }

  /** By a part of what is seen. */
  pan(share: number): void {
    const { fromS, toS } = this.#window;
    const byS = (toS - fromS) * share;
    this.show(fromS + byS, toS + byS);
  }

  /** Moves what is pointed at by a part of what is seen. */
  step(share: number): void {
    const { fromS, toS } = this.#window;
    const fromPoint = this.#pointedS ?? (fromS + toS) / 2;
    this.point(Math.min(Math.max(fromPoint + (toS - fromS) * share, fromS), toS));
  }
}
