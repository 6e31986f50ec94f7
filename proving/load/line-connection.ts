// One connection of the load: sends prepared bytes and counts received bytes without allocating, so that the server is the
// busy side.
import { connect, type Socket } from "node:net";

const LF = 10;
const READ_BUFFER_BYTES = 256 * 1024;

/** Shared by all connections: each handles its bytes at once, on one thread. */
const readBuffer = Buffer.allocUnsafe(READ_BUFFER_BYTES);

export interface LineServer {
  host: string;
  port: number;
  /** How many lines the server sends first, unasked. */
  greetingLines: number;
}

export class LineConnection {
  readonly #socket: Socket;
  #onBytes: (bytes: Buffer) => void = () => {};

  /** Resolves when the greeting has arrived. */
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

  /** Resolves with the length of the next whole line. Nothing may follow that line unasked. */
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
