// The timing of the heartbeat (docs/PROTOCOL.md §2): when to ping, when a client counts as lost, and how long a
// control connection may stay without a heartbeat. Counted in ticks of one timer wheel.
import type { Clock } from "../../shared/clock/clock.ts";
import { TimerWheel, type WheelEntry } from "./timer-wheel.ts";

/** A tick is this part of an interval: 5,000 clients are pinged in 20 portions. */
const TICKS_PER_INTERVAL = 20;
const LOST_AFTER_INTERVALS = 2;
const ALONE_INTERVALS = 6;

export class Heartbeats {
  readonly intervalMs: number;
  readonly #wheel: TimerWheel;

  constructor(clock: Clock, intervalMs: number) {
    this.intervalMs = intervalMs;
    const slotCount = (ALONE_INTERVALS + 1) * TICKS_PER_INTERVAL;
    this.#wheel = new TimerWheel(clock, intervalMs / TICKS_PER_INTERVAL, slotCount);
  }

  start(handlers: PulseHandlers): Pulse {
    return new Pulse(this.#wheel, handlers);
  }

  /** Calls `alone.timeIsUp` after six intervals, unless it is cancelled. */
  awaitHeartbeat(alone: WheelEntry): void {
    this.#wheel.schedule(alone, ALONE_INTERVALS * TICKS_PER_INTERVAL);
  }

  cancel(entry: WheelEntry): void {
    this.#wheel.cancel(entry);
  }

  stop(): void {
    this.#wheel.stop();
  }
}

export interface PulseHandlers {
  sendPing(n: number): void;
  /** No pong for two intervals; nothing more will be sent. */
  onLost(): void;
}

/** The pings and pongs of one connection. */
export class Pulse implements WheelEntry {
  wheelSlot: number | null = null;
  readonly #wheel: TimerWheel;
  readonly #handlers: PulseHandlers;
  #sent = 0;
  #answered = 0;
  #lastPongTick: number;
  #isCheckNext = false;

  constructor(wheel: TimerWheel, handlers: PulseHandlers) {
    this.#wheel = wheel;
    this.#handlers = handlers;
    this.#lastPongTick = wheel.tickCount;
    wheel.schedule(this, TICKS_PER_INTERVAL);
  }

  /** Ignores a pong to a ping that was never sent or already answered. */
  pong(n: number): void {
    if (n > this.#sent || n <= this.#answered) return;
    this.#answered = n;
    this.#lastPongTick = this.#wheel.tickCount;
  }

  stop(): void {
    this.#wheel.cancel(this);
  }

  /** Pings, and checks one tick later, when a live client has answered. */
  timeIsUp(): void {
    if (this.#isCheckNext) this.#check();
    else this.#ping();
  }

  #ping(): void {
    this.#isCheckNext = true;
    this.#wheel.schedule(this, 1);
    this.#handlers.sendPing(++this.#sent);
  }

  #check(): void {
    this.#isCheckNext = false;
    const silentTicks = this.#wheel.tickCount - this.#lastPongTick;
    if (silentTicks >= LOST_AFTER_INTERVALS * TICKS_PER_INTERVAL) this.#handlers.onLost();
    else this.#wheel.schedule(this, TICKS_PER_INTERVAL - 1);
  }
}
