// Time that advances only from one event to the next. Before the next event, everything that the last one started at once
// (promises, ticks, immediates) completes, so the same events always happen in the same order.

interface TimedEvent {
  readonly atMs: number;
  /** Of two events at the same time, the one that was planned first has the lower rank. */
  readonly rank: number;
  run: (() => void) | null;
}

export class VirtualTime {
  #nowMs = 0;
  #ranks = 0;
  /** A binary heap: no event comes before its parent. */
  readonly #heap: TimedEvent[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Calls `run` at that time, unless the returned function is called before. */
  at(atMs: number, run: () => void): () => void {
    const event: TimedEvent = { atMs: Math.max(atMs, this.#nowMs), rank: this.#ranks++, run };
    this.#push(event);
    return () => {
      event.run = null;
    };
  }

  /** Runs event after event until `isOver`, or until no event before `untilMs` is left. */
  async pass(untilMs: number, isOver: () => boolean): Promise<void> {
    for (let next = this.#heap[0]; next && next.atMs <= untilMs && !isOver(); next = this.#heap[0]) {
      this.#pop();
      if (!next.run) continue;
      this.#nowMs = next.atMs;
      next.run();
      await endOfTurn();
    }
    if (!isOver()) this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #push(event: TimedEvent): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as TimedEvent;
      if (isBefore(parent, event)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as TimedEvent;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as TimedEvent, heap[child] as TimedEvent))
        child++;
      if (isBefore(last, heap[child] as TimedEvent)) break;
      heap[index] = heap[child] as TimedEvent;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: TimedEvent, other: TimedEvent): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.rank < other.rank);
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
