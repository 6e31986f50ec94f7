// The harness's end of a fault proxy: starts its process, and turns a scenario's wishes into orders to it.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Caretaker } from "../leftovers/caretaker.ts";
import { builtFile } from "../own-package.ts";
import type { Delay, Picked, Wire } from "../scenario/scenario.ts";
import { StepFailure } from "../scenario/step-failure.ts";
import type { FaultProxyOptions } from "./fault-proxy.ts";
import type { Conditions } from "./faults.ts";
import type { Answer, Order } from "./message.ts";
import type { Relayed } from "./relayed.ts";

const ORDER_MS = 5_000;

export class ProxyWire implements Wire {
  readonly id: string;
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  readonly #caretaker: Caretaker;
  #lastOrder: Promise<unknown> = Promise.resolve();
  #port = 0;

  /** Resolves when it listens. */
  static async open(options: FaultProxyOptions, caretaker: Caretaker): Promise<ProxyWire> {
    const wire = new ProxyWire(options.id, caretaker);
    try {
      const answer = await wire.#order({ kind: "listen", options });
      if (answer.kind === "listening") wire.#port = answer.port;
      return wire;
    } catch (error) {
      await wire.stop();
      throw error;
    }
  }

  private constructor(id: string, caretaker: Caretaker) {
    this.id = id;
    this.#caretaker = caretaker;
    this.#child = fork(builtFile("fault-proxy-process.js"), {
      detached: true,
      serialization: "advanced",
      env: {},
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#child.on("error", () => {});
    this.#gone = once(this.#child, "exit").catch(() => {});
    caretaker.watchGroup(this.#child.pid!);
  }

  get port(): number {
    return this.#port;
  }

  async silence({ firstLine }: Picked = {}): Promise<void> {
    await this.#change({ isSilent: true }, firstLine);
  }

  async delay({ ms, jitterMs = 0, firstLine }: Delay & Picked): Promise<void> {
    await this.#change({ delayMs: ms, jitterMs }, firstLine);
  }

  async bandwidth(bytesPerSecond: number, { firstLine }: Picked = {}): Promise<void> {
    await this.#change({ bytesPerSecond }, firstLine);
  }

  async segments(bytes: number, { firstLine }: Picked = {}): Promise<void> {
    await this.#change({ segmentBytes: bytes }, firstLine);
  }

  async glue(withinMs: number, { firstLine }: Picked = {}): Promise<void> {
    await this.#change({ glueMs: withinMs }, firstLine);
  }

  async heal(): Promise<void> {
    await this.#order({ kind: "heal" });
  }

  async cut({ firstLine }: Picked = {}): Promise<void> {
    await this.#order({ kind: "cut", firstLine });
  }

  async close({ firstLine }: Picked = {}): Promise<void> {
    await this.#order({ kind: "close", firstLine });
  }

  /** Ends its process; resolves with what went through it. */
  async stop(): Promise<Relayed[]> {
    const answer = await this.#order({ kind: "report" }).catch(() => null);
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill("SIGKILL");
    await this.#gone;
    this.#caretaker.forgetGroup(this.#child.pid!);
    return answer?.kind === "report" ? answer.relayed : [];
  }

  async #change(change: Partial<Conditions>, firstLine: RegExp | undefined): Promise<void> {
    await this.#order({ kind: "change", change, firstLine });
  }

  /** One after the other, so that answers need no numbers. */
  #order(order: Order): Promise<Answer> {
    const answered = this.#lastOrder.then(() => this.#ask(order));
    this.#lastOrder = answered.catch(() => {});
    return answered;
  }

  async #ask(order: Order): Promise<Answer> {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(ORDER_MS)]);
    try {
      const answered = once(this.#child, "message", { signal });
      const died = this.#gone.then(() => Promise.reject(new Error("its process has ended")));
      this.#child.send(order);
      const [answer] = (await Promise.race([answered, died])) as [Answer];
      if (answer.kind === "failed") throw new Error(answer.message);
      return answer;
    } catch (cause) {
      throw new StepFailure(
        `the fault proxy "${this.id}" could not ${order.kind}: ${(cause as Error).message}`,
      );
    } finally {
      stop.abort();
    }
  }
}
