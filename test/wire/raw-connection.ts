// A connection on which the test writes and reads every line literally.
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Captures, matchLine } from "./line-pattern.ts";

const PATIENCE_MS = 20_000;

export class RawConnection {
  readonly socket: Socket;
  readonly #lines: string[] = [];
  #rest = "";
  #isClosed = false;
  #answersPings = false;
  #wake = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      const lines = (this.#rest + chunk).split("\n");
      this.#rest = lines.pop() ?? "";
      this.#lines.push(...lines);
      if (this.#answersPings)
        for (const line of lines) if (line.startsWith("ping;")) this.says(`pong;${line.slice(5)}`);
      this.#wake();
    });
    socket.on("error", () => {});
    for (const event of ["end", "close"])
      socket.on(event, () => {
        this.#isClosed = true;
        this.#wake();
      });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connectPlain({ port, host: "127.0.0.1" });
    const connection = new RawConnection(socket);
    await once(socket, "connect");
    return connection;
  }

  /** `localAddress` is the address that it comes from. */
  static async openTls(port: number, localAddress?: string): Promise<RawConnection> {
    const plain = connectPlain({ port, host: "127.0.0.1", localAddress });
    // The certificate is self-signed; the client's tests cover pinning.
    const socket = connectTls({ socket: plain, rejectUnauthorized: false });
    const connection = new RawConnection(socket);
    await once(socket, "secureConnect");
    return connection;
  }

  /** Lines that have arrived and were not read yet. */
  get unseen(): readonly string[] {
    return this.#lines;
  }

  /** From now on it answers pings at once. The pings can still be read. */
  answersPings(): this {
    this.#answersPings = true;
    return this;
  }

  says(...lines: string[]): this {
    return this.saysBytes(lines.map((line) => `${line}\n`).join(""));
  }

  saysBytes(bytes: string | Uint8Array): this {
    this.socket.write(bytes);
    return this;
  }

  /** The next line must match `pattern`; resolves with the captured values. */
  async sees(pattern: string, known: Captures = {}): Promise<Captures> {
    const line = await this.nextLine(pattern);
    const captures = matchLine(pattern, line, known);
    if (!captures) throw new Error(`expected: ${pattern}\nreceived: ${line}`);
    return captures;
  }

  /** Sends one line and reads its answer. */
  asks(line: string, pattern: string): Promise<Captures> {
    return this.says(line).sees(pattern);
  }

  async nextLine(expected = "a line"): Promise<string> {
    await this.#until(() => this.#lines.length > 0 || this.#isClosed, expected);
    const line = this.#lines.shift();
    if (line === undefined) throw new Error(`expected: ${expected}\nbut the connection was closed`);
    return line;
  }

  /** The server closes the connection, and every line has been read. */
  async seesClose(): Promise<void> {
    await this.#until(() => this.#isClosed, "the end of the connection");
    if (this.#lines.length > 0) throw new Error(`unseen before the end: ${this.#lines.join(" | ")}`);
  }

  close(): void {
    this.socket.destroy();
  }

  #until(condition: () => boolean, expected: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`expected: ${expected}\nbut nothing came for ${PATIENCE_MS} ms`)),
        PATIENCE_MS,
      );
      this.#wake = () => {
        if (!condition()) return;
        clearTimeout(timer);
        resolve();
      };
      this.#wake();
    });
  }
}
