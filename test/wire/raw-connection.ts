// A connection of which the test says and sees every line literally.
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

  /** `localAddress` makes it come from elsewhere. */
  static async openTls(port: number, localAddress?: string): Promise<RawConnection> {
    const plain = connectPlain({ port, host: "127.0.0.1", localAddress });
    // The certificate signs itself; that clients pin it is theirs to test.
    const socket = connectTls({ socket: plain, rejectUnauthorized: false });
    const connection = new RawConnection(socket);
    await once(socket, "secureConnect");
    return connection;
  }

  /** Lines that have come and that nobody has seen yet. */
  get unseen(): readonly string[] {
    return this.#lines;
  }

  /** From now on, at once; they are lines to see all the same. */
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

  /** The next line must be `pattern`; gives what its gaps hold. */
  async sees(pattern: string, known: Captures = {}): Promise<Captures> {
    const line = await this.nextLine(pattern);
    const captures = matchLine(pattern, line, known);
    if (!captures) throw new Error(`expected: ${pattern}\nreceived: ${line}`);
    return captures;
  }

  /** `says` one line and `sees` its answer. */
  asks(line: string, pattern: string): Promise<Captures> {
    return this.says(line).sees(pattern);
  }

  async nextLine(expected = "a line"): Promise<string> {
    await this.#until(() => this.#lines.length > 0 || this.#isClosed, expected);
    const line = this.#lines.shift();
    if (line === undefined) throw new Error(`expected: ${expected}\nbut the connection was closed`);
    return line;
  }

  /** The server closes, and has said nothing that was not seen. */
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
