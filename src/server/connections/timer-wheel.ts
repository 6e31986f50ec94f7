// A timer wheel: one timer for all entries, each of which waits in the slot of its tick.
import type { Clock } from "../../shared/clock/clock.ts";

export interface WheelEntry {
  /** Kept by the wheel: the slot in which the entry waits, or null. */
  wheelSlot: number | null;
  timeIsUp(): void;
}

export class TimerWheel {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #slots: Set<WheelEntry>[];
  #tickCount = 0;
  #nextTickAtMs: number;
  #stopTimer: () => void;

  /** Nothing can wait for longer than `slotCount - 1` ticks. */
  constructor(clock: Clock, tickMs: number, slotCount: number) {
    this.#clock = clock;
    this.#tickMs = tickMs;
    this.#slots = Array.from({ length: slotCount }, () => new Set());
    this.#nextTickAtMs = clock.nowMs() + tickMs;
    this.#stopTimer = clock.after(tickMs, () => this.#tick());
  }

  get tickCount(): number {
    return this.#tickCount;
  }

  stop(): void {
    this.#stopTimer();
  }

  /** An entry waits once: scheduling it again moves it. */
  schedule(entry: WheelEntry, ticks: number): void {
    this.cancel(entry);
    entry.wheelSlot = (this.#tickCount + ticks) % this.#slots.length;
    this.#slots[entry.wheelSlot]?.add(entry);
  }

  cancel(entry: WheelEntry): void {
    if (entry.wheelSlot === null) return;
    this.#slots[entry.wheelSlot]?.delete(entry);
    entry.wheelSlot = null;
  }

  #tick(): void {
    const slot = ++this.#tickCount % this.#slots.length;
    this.#scheduleNextTick();
    for (const entry of [...(this.#slots[slot] as Set<WheelEntry>)]) {
      // An earlier entry may have cancelled this one.
      if (entry.wheelSlot !== slot) continue;
      this.cancel(entry);
      entry.timeIsUp();
    }
  }

  /**
   * Keeps to the schedule while it is late by less than two ticks. After the process was stopped or the clock was set,
   * a new schedule starts: time lost while the process was stopped is ignored.
   */
  #scheduleNextTick(): void {
    const nowMs = this.#clock.nowMs();
    const delayMs = this.#nextTickAtMs + this.#tickMs - nowMs;
    const isOnSchedule = delayMs > -this.#tickMs && delayMs <= this.#tickMs;
    this.#nextTickAtMs = isOnSchedule ? this.#nextTickAtMs + this.#tickMs : nowMs + this.#tickMs;
    this.#stopTimer = this.#clock.after(Math.max(0, this.#nextTickAtMs - nowMs), () => this.#tick());
  }
}
