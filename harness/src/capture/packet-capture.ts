// Keeps every TCP packet of this machine while a run is on, with Wireshark's dumpcap: on all interfaces, so also those
// that are made later. It is known to listen, and to have seen the last packet, because it is knocked at: a word that
// nobody else says crosses the loopback device until it is in the capture.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Caretaker } from "../leftovers/caretaker.ts";

/** What a burst cannot overflow: the kernel drops what does not fit. */
const BUFFER_MB = "64";
const KNOCK_EVERY_MS = 100;
const HEARD_WITHIN_MS = 15_000;

export type StartedCapture = { ok: true; capture: PacketCapture } | { ok: false; message: string };

export interface CaptureCount {
  packets: number;
  packetsDropped: number;
  /** All that was sent until `stop` is in it, but for what was dropped. */
  isWhole: boolean;
}

export class PacketCapture {
  readonly path: string;
  readonly #dumpcap: ChildProcessByStdio<null, Readable, Readable>;
  readonly #caretaker: Caretaker | undefined;
  readonly #door: Server;
  readonly #file: WriteStream;
  readonly #gone: Promise<unknown>;
  #said = "";
  /** Of the captured bytes, enough to find a word that was cut in two. */
  #tail = Buffer.alloc(0);
  #word = "";
  #hear: () => void = () => {};

  /** Resolves when nothing that is sent from now on can be missed. */
  static async start(path: string, caretaker?: Caretaker): Promise<StartedCapture> {
    const why = await whyNoTshark();
    if (why) return { ok: false, message: why };
    const capture = new PacketCapture(path, caretaker);
    const isLive = await capture.#isHeard();
    if (isLive) return { ok: true, capture };
    await capture.#end();
    return { ok: false, message: `dumpcap cannot capture here: ${capture.#complaint()}` };
  }

  private constructor(path: string, caretaker: Caretaker | undefined) {
    this.path = path;
    this.#caretaker = caretaker;
    this.#door = createServer((socket) => socket.on("error", () => {}).resume()).listen(0, "127.0.0.1");
    this.#file = createWriteStream(path).on("error", () => {});
    // In a group of its own: Ctrl-C is not for it.
    this.#dumpcap = spawn("dumpcap", ["-q", "-p", "-i", "any", "-B", BUFFER_MB, "-f", "tcp", "-w", "-"], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const dumpcap = this.#dumpcap;
    if (dumpcap.pid) caretaker?.watchGroup(dumpcap.pid);
    dumpcap.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#said += text;
    });
    dumpcap.stdout.on("data", (chunk: Buffer) => {
      this.#file.write(chunk);
      this.#listen(chunk);
    });
    this.#gone = new Promise((resolve) => {
      dumpcap.once("close", resolve).once("error", (error) => {
        this.#said += error.message;
        resolve(error);
      });
    });
  }

  /** Ends it once everything sent until now is in it. */
  async stop(): Promise<CaptureCount> {
    const isHeard = await this.#isHeard();
    await this.#end();
    const counts = this.#said.match(/received\/dropped on interface [^:]*: (\d+)\/(\d+)/);
    return {
      packets: Number(counts?.[1] ?? 0),
      packetsDropped: Number(counts?.[2] ?? 0),
      isWhole: isHeard && !this.#file.errored,
    };
  }

  async #end(): Promise<void> {
    this.#dumpcap.kill("SIGINT");
    await this.#gone;
    if (this.#dumpcap.pid) this.#caretaker?.forgetGroup(this.#dumpcap.pid);
    this.#door.close();
    this.#file.end();
    if (!this.#file.closed) await new Promise<void>((resolve) => this.#file.once("close", resolve));
  }

  /** False when dumpcap has ended, or hears nothing for long. */
  async #isHeard(): Promise<boolean> {
    if (!this.#door.listening) await once(this.#door, "listening");
    this.#word = randomUUID();
    const over = new AbortController();
    const { signal } = over;
    const heard = new Promise<boolean>((resolve) => {
      this.#hear = () => resolve(true);
    });
    const knocking = this.#knockUntil(signal);
    const isHeard = await Promise.race([
      heard,
      this.#gone.then(() => false),
      delay(HEARD_WITHIN_MS, false, { signal }).catch(() => false),
    ]);
    over.abort();
    await knocking;
    return isHeard;
  }

  async #knockUntil(signal: AbortSignal): Promise<void> {
    const { port } = this.#door.address() as AddressInfo;
    while (!signal.aborted) {
      connect(port, "127.0.0.1")
        .on("error", () => {})
        .end(this.#word)
        .resume();
      await delay(KNOCK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  #listen(chunk: Buffer): void {
    if (this.#word === "") return;
    const seen = Buffer.concat([this.#tail, chunk]);
    this.#tail = seen.subarray(Math.max(0, seen.length - this.#word.length));
    if (!seen.includes(this.#word)) return;
    this.#word = "";
    this.#hear();
  }

  #complaint(): string {
    const lines = this.#said.split("\n").map((line) => line.trim());
    return (
      lines.find((line) => /permission|not permitted|ENOENT|can't|couldn't/i.test(line)) ?? lines.join(" ")
    );
  }
}

async function whyNoTshark(): Promise<string | null> {
  const tshark = spawn("tshark", ["-v"], { stdio: "ignore" });
  const code = await new Promise((resolve) =>
    tshark.once("close", resolve).once("error", () => resolve(null)),
  );
  return code === 0 ? null : "tshark, of Wireshark, is not installed";
}
