// A process of the simulated world: its clock, and its end. What happens to a dead process does not happen; what
// happens to a stopped one (SIGSTOP) happens when it goes on.
import type { VirtualSocket } from "./virtual-socket.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What the server's clock shows when a run begins. */
const EPOCH_MS = 1_600_000_000_000;

export class VirtualProcess {
  /** The machine it runs on. */
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

  /** Resolves after that time; never when the process dies before. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Something reaches the process. */
  run(work: () => void): void {
    if (!this.#isAlive) return;
    if (this.#stoppedUntilMs > this.#time.nowMs) this.#time.at(this.#stoppedUntilMs, () => this.run(work));
    else work();
  }

  stop(forMs: number): void {
    this.#stoppedUntilMs = Math.max(this.#stoppedUntilMs, this.#time.nowMs + forMs);
  }

  /** `kill -9`. The kernel ends its connections, unless the machine goes with it. */
  kill(isMachineLost: boolean): void {
    this.#isAlive = false;
    for (const socket of this.sockets) socket.abandon(isMachineLost);
    this.sockets.clear();
  }
}
