// One connection of the load: sends prepared bytes, counts the bytes that come, and allocates nothing on the way, so
// that the server at the other end is the one that is busy.
import { connect, type Socket } from "node:net";

const LF = 10;
const READ_BUFFER_BYTES = 256 * 1024;

/** Connections take turns on one thread, and each looks at its bytes at once. */
const readBuffer = Buffer.allocUnsafe(READ_BUFFER_BYTES);

export interface LineServer {
  host: string;
  port: number;
  /** Lines that the server sends unasked, first of all. */
  greetingLines: number;
}

export class LineConnection {
  readonly #socket: Socket;
  #onBytes: (bytes: Buffer) => void = () => {};

  /** Resolves once the greeting is in. */
  static async open({ host, port, greetingLines }: LineServer): Promise<LineConnection> {
    const connection = new LineConnection(host, port);
    await connection.#connected();
    for (let line = 0; line < greetingLines; line++) await connection.nextLine();
    return connection;
  }

  private constructor(host: string, port: number) {
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (count, buffer) => {
          this.#onBytes((buffer as Buffer).subarray(0, count));
          return true;
        },
      },
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  listen(onBytes: (bytes: Buffer) => void): void {
    this.#onBytes = onBytes;
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Resolves with the length of the next whole line. Nothing may follow it unasked. */
  nextLine(): Promise<number> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error("the server closed a connection of the load"));
      let length = 0;
      this.#socket.once("close", fail);
      this.#onBytes = (bytes) => {
        length += bytes.length;
        if (bytes.at(-1) !== LF) return;
        this.#socket.off("close", fail);
        this.#onBytes = () => {};
        resolve(length);
      };
    });
  }

  #connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once("connect", resolve);
      this.#socket.once("error", reject);
      this.#socket.on("error", () => {});
    });
  }
}
