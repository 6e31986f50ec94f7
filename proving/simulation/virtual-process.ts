// A process of the simulated world, with its clock. Events for a dead process are dropped; events for a stopped one
// (SIGSTOP) wait until it continues.
import type { VirtualSocket } from "./virtual-socket.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** The wall-clock time at which a run begins. */
const EPOCH_MS = 1_600_000_000_000;

export class VirtualProcess {
  /** The name of its machine. */
  readonly host: string;
  readonly sockets = new Set<VirtualSocket>();
  readonly #time: VirtualTime;
  #isAlive = true;
  #stoppedUntilMs = 0;

  constructor(host: string, time: VirtualTime) {
    this.host = host;
    this.#time = time;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  nowMs = (): number => EPOCH_MS + this.#time.nowMs;

  after = (delayMs: number, run: () => void): (() => void) => {
    let isCancelled = false;
    const cancel = this.#time.at(this.#time.nowMs + delayMs, () =>
      this.run(() => {
        if (!isCancelled) run();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  };

  /** Resolves after that time, never if the process dies before. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Runs `work` in this process: now, after it continues, or never. */
  run(work: () => void): void {
    if (!this.#isAlive) return;
    if (this.#stoppedUntilMs > this.#time.nowMs) this.#time.at(this.#stoppedUntilMs, () => this.run(work));
    else work();
  }

  stop(forMs: number): void {
    this.#stoppedUntilMs = Math.max(this.#stoppedUntilMs, this.#time.nowMs + forMs);
  }

  /** `kill -9`. The kernel closes its connections, unless the machine is lost too. */
  kill(isMachineLost: boolean): void {
    this.#isAlive = false;
    for (const socket of this.sockets) socket.abandon(isMachineLost);
    this.sockets.clear();
  }
}
