// The receiving end of one probe's channel: takes its lines apart, and notices when its process is gone.
import { writeSync } from "node:fs";
import type { Socket } from "node:net";
import { FLUSH_REQUEST, monotonicMs, type ProbeMessage } from "./message.ts";
import { ProbedProcess } from "./probed-process.ts";

export class ReceivingChannel {
  readonly #socket: Socket;
  readonly #originMs: number;
  readonly #onHello: (process: ProbedProcess) => void;
  #process: ProbedProcess | undefined;
  #unfinishedLine = "";
  #isFlushed: () => void = () => {};

  constructor(socket: Socket, originMs: number, onHello: (process: ProbedProcess) => void) {
    this.#socket = socket;
    this.#originMs = originMs;
    this.#onHello = onHello;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#receive(text));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#process?.died(monotonicMs());
      this.#isFlushed();
    });
  }

  /** Resolves when the probe has told everything, or its process has ended, or at the latest after `withinMs`. */
  async flush(withinMs: number): Promise<void> {
    if (this.#socket.closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#isFlushed = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#request();
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Past the stream, which drops what it has not read yet when the process has just died and a write fails. */
  #request(): void {
    const { fd } = (this.#socket as unknown as { _handle: { fd: number } })._handle;
    try {
      writeSync(fd, FLUSH_REQUEST);
    } catch {
      // The end of the channel is on its way.
    }
  }

  #receive(text: string): void {
    const lines = (this.#unfinishedLine + text).split("\n");
    // A process that is killed can leave a line half told; it is dropped.
    this.#unfinishedLine = lines.pop() ?? "";
    for (const line of lines) {
      for (const message of JSON.parse(line) as ProbeMessage[]) this.#take(message);
    }
  }

  #take(message: ProbeMessage): void {
    if (message.kind === "hello") {
      this.#process = new ProbedProcess(message, this.#originMs);
      this.#onHello(this.#process);
    } else if (message.kind === "flushed") this.#isFlushed();
    else this.#process?.take(message);
  }
}
