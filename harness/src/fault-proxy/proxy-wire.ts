// The harness's end of a fault proxy: starts its process and turns a scenario's calls into requests to it.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Caretaker } from "../leftovers/caretaker.ts";
import { builtFile } from "../own-package.ts";
import type { Delay, Picked, Wire } from "../scenario/scenario.ts";
import { StepFailure } from "../scenario/step-failure.ts";
import type { FaultProxyOptions } from "./fault-proxy.ts";
import type { ProxyReply, ProxyRequest } from "./fault-proxy-process.ts";
import type { Conditions } from "./faults.ts";
import type { Relayed } from "./relayed-connection.ts";

const REPLY_WITHIN_MS = 5_000;

export class ProxyWire implements Wire {
  readonly id: string;
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  readonly #caretaker: Caretaker;
  #lastRequest: Promise<unknown> = Promise.resolve();
  #port = 0;

  /** Resolves when the proxy listens. */
  static async open(options: FaultProxyOptions, caretaker: Caretaker): Promise<ProxyWire> {
    const wire = new ProxyWire(options.id, caretaker);
    try {
      const reply = await wire.#request({ kind: "listen", options });
      if (reply.kind === "listening") wire.#port = reply.port;
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
    await this.#request({ kind: "heal" });
  }

  async cut({ firstLine }: Picked = {}): Promise<void> {
    await this.#request({ kind: "cut", firstLine });
  }

  async close({ firstLine }: Picked = {}): Promise<void> {
    await this.#request({ kind: "close", firstLine });
  }

  /** Ends the process; resolves with what it relayed. */
  async stop(): Promise<Relayed[]> {
    const reply = await this.#request({ kind: "report" }).catch(() => null);
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill("SIGKILL");
    await this.#gone;
    this.#caretaker.forgetGroup(this.#child.pid!);
    return reply?.kind === "report" ? reply.relayed : [];
  }

  async #change(change: Partial<Conditions>, firstLine: RegExp | undefined): Promise<void> {
    await this.#request({ kind: "change", change, firstLine });
  }

  /** One at a time, so that replies need no numbers. */
  #request(request: ProxyRequest): Promise<ProxyReply> {
    const replied = this.#lastRequest.then(() => this.#send(request));
    this.#lastRequest = replied.catch(() => {});
    return replied;
  }

  async #send(request: ProxyRequest): Promise<ProxyReply> {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(REPLY_WITHIN_MS)]);
    try {
      const replied = once(this.#child, "message", { signal });
      const died = this.#gone.then(() => Promise.reject(new Error("its process has ended")));
      this.#child.send(request);
      const [reply] = (await Promise.race([replied, died])) as [ProxyReply];
      if (reply.kind === "failed") throw new Error(reply.message);
      return reply;
    } catch (cause) {
      throw new StepFailure(
        `the fault proxy "${this.id}" could not ${request.kind}: ${(cause as Error).message}`,
      );
    } finally {
      stop.abort();
    }
  }
}
