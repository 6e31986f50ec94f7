// Records every TCP packet of this machine during a run with Wireshark's dumpcap, on all interfaces, including those
// that are created later. To know that dumpcap is live, and that it has seen the last packet, a unique marker is sent
// over the loopback device until it appears in the capture.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Caretaker } from "../leftovers/caretaker.ts";

/** Large enough for bursts: the kernel drops packets that do not fit. */
const BUFFER_MB = "64";
const MARKER_EVERY_MS = 100;
const MARKER_WITHIN_MS = 15_000;

export type StartedCapture = { ok: true; capture: PacketCapture } | { ok: false; message: string };

export interface CaptureCount {
  packets: number;
  packetsDropped: number;
  /** Everything that was sent until `stop` is in it, except for dropped packets. */
  isWhole: boolean;
}

export class PacketCapture {
  readonly path: string;
  readonly #dumpcap: ChildProcessByStdio<null, Readable, Readable>;
  readonly #caretaker: Caretaker | undefined;
  readonly #markerServer: Server;
  readonly #file: WriteStream;
  readonly #exited: Promise<unknown>;
  #stderr = "";
  /** The last captured bytes, to find a marker that is split across two chunks. */
  #tail = Buffer.alloc(0);
  #marker = "";
  #onMarker: () => void = () => {};

  /** Resolves when the capture is live: nothing that is sent from now on is missed. */
  static async start(path: string, caretaker?: Caretaker): Promise<StartedCapture> {
    const problem = await tsharkProblem();
    if (problem) return { ok: false, message: problem };
    const capture = new PacketCapture(path, caretaker);
    const isLive = await capture.#seesMarker();
    if (isLive) return { ok: true, capture };
    await capture.#end();
    return { ok: false, message: `dumpcap cannot capture here: ${capture.#errorText()}` };
  }

  private constructor(path: string, caretaker: Caretaker | undefined) {
    this.path = path;
    this.#caretaker = caretaker;
    this.#markerServer = createServer((socket) => socket.on("error", () => {}).resume()).listen(
      0,
      "127.0.0.1",
    );
    this.#file = createWriteStream(path).on("error", () => {});
    // Detached, so that Ctrl-C in the terminal does not reach it.
    this.#dumpcap = spawn("dumpcap", ["-q", "-p", "-i", "any", "-B", BUFFER_MB, "-f", "tcp", "-w", "-"], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const dumpcap = this.#dumpcap;
    if (dumpcap.pid) caretaker?.watchGroup(dumpcap.pid);
    dumpcap.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    dumpcap.stdout.on("data", (chunk: Buffer) => {
      this.#file.write(chunk);
      this.#findMarker(chunk);
    });
    this.#exited = new Promise((resolve) => {
      dumpcap.once("close", resolve).once("error", (error) => {
        this.#stderr += error.message;
        resolve(error);
      });
    });
  }

  /** Ends the capture once it contains everything that was sent until now. */
  async stop(): Promise<CaptureCount> {
    const isSeen = await this.#seesMarker();
    await this.#end();
    const counts = this.#stderr.match(/received\/dropped on interface [^:]*: (\d+)\/(\d+)/);
    return {
      packets: Number(counts?.[1] ?? 0),
      packetsDropped: Number(counts?.[2] ?? 0),
      isWhole: isSeen && !this.#file.errored,
    };
  }

  async #end(): Promise<void> {
    this.#dumpcap.kill("SIGINT");
    await this.#exited;
    if (this.#dumpcap.pid) this.#caretaker?.forgetGroup(this.#dumpcap.pid);
    this.#markerServer.close();
    this.#file.end();
    if (!this.#file.closed) await new Promise<void>((resolve) => this.#file.once("close", resolve));
  }

  /** False if dumpcap has ended or the marker does not appear in time. */
  async #seesMarker(): Promise<boolean> {
    if (!this.#markerServer.listening) await once(this.#markerServer, "listening");
    this.#marker = randomUUID();
    const over = new AbortController();
    const { signal } = over;
    const seen = new Promise<boolean>((resolve) => {
      this.#onMarker = () => resolve(true);
    });
    const sending = this.#sendMarkerUntil(signal);
    const isSeen = await Promise.race([
      seen,
      this.#exited.then(() => false),
      delay(MARKER_WITHIN_MS, false, { signal }).catch(() => false),
    ]);
    over.abort();
    await sending;
    return isSeen;
  }

  async #sendMarkerUntil(signal: AbortSignal): Promise<void> {
    const { port } = this.#markerServer.address() as AddressInfo;
    while (!signal.aborted) {
      connect(port, "127.0.0.1")
        .on("error", () => {})
        .end(this.#marker)
        .resume();
      await delay(MARKER_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  #findMarker(chunk: Buffer): void {
    if (this.#marker === "") return;
    const seen = Buffer.concat([this.#tail, chunk]);
    this.#tail = seen.subarray(Math.max(0, seen.length - this.#marker.length));
    if (!seen.includes(this.#marker)) return;
    this.#marker = "";
    this.#onMarker();
  }

  #errorText(): string {
    const lines = this.#stderr.split("\n").map((line) => line.trim());
    return (
      lines.find((line) => /permission|not permitted|ENOENT|can't|couldn't/i.test(line)) ?? lines.join(" ")
    );
  }
}

async function tsharkProblem(): Promise<string | null> {
  const tshark = spawn("tshark", ["-v"], { stdio: "ignore" });
  const code = await new Promise((resolve) =>
    tshark.once("close", resolve).once("error", () => resolve(null)),
  );
  return code === 0 ? null : "tshark (part of Wireshark) is not installed";
}
