// The receiving end of one probe's channel: parses its lines, and notices when the process is gone.
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

  /** Resolves when the probe has reported everything, when its process has ended, or after `withinMs`. */
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

  /** Bypasses the stream, which discards unread data if the process has just died and a write fails. */
  #request(): void {
    const { fd } = (this.#socket as unknown as { _handle: { fd: number } })._handle;
    try {
      writeSync(fd, FLUSH_REQUEST);
    } catch {
      // The channel is about to close.
    }
  }

  #receive(text: string): void {
    const lines = (this.#unfinishedLine + text).split("\n");
    // A process that is killed can leave an incomplete line, which is dropped.
    this.#unfinishedLine = lines.pop() ?? "";
    for (const line of lines) {
      for (const message of JSON.parse(line) as ProbeMessage[]) this.#handle(message);
    }
  }

  #handle(message: ProbeMessage): void {
    if (message.kind === "hello") {
      this.#process = new ProbedProcess(message, this.#originMs);
      this.#onHello(this.#process);
    } else if (message.kind === "flushed") this.#isFlushed();
    else this.#process?.handle(message);
  }
}
