// The compiled server as a user starts it, killed and started again on the same ports and data.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../src/server/main.js", import.meta.url));
/** An outgoing connection may hold the port for a moment. */
const START_TRIES = 20;
const TRY_AGAIN_MS = 100;
const STOP_LIMIT_MS = 10_000;

export class KilledServer {
  readonly port: number;
  readonly dataDirectory: string;
  /** From start to `Listening`, for each start that got there. */
  readonly startsMs: number[] = [];
  readonly #args: string[];
  #child: ChildProcess | null = null;
  #stderr = "";

  /** `folder` holds its data and certificates; `args` go to its command line. */
  constructor(port: number, folder: string, args: readonly string[] = []) {
    this.port = port;
    this.dataDirectory = join(folder, "data");
    const folders = ["--data", this.dataDirectory, "--certs", join(folder, "certs")];
    const limits = ["--attempt-limits", "off", "--connections-per-address", "10000"];
    this.#args = [program, String(port), "--host", "127.0.0.1", ...folders, ...limits, ...args];
    // A run that fails leaves no process behind either.
    process.once("exit", () => this.#child?.kill("SIGKILL"));
  }

  /** Resolves with true when it listens, with false if it was killed before. Throws when it cannot start. */
  async start(): Promise<boolean> {
    for (let tries = START_TRIES; tries > 0; tries--) {
      const child = this.#spawn();
      const hasStarted = await isListening(child);
      if (hasStarted || child.signalCode === "SIGKILL") return hasStarted;
      if (!this.#stderr.includes("Cannot listen")) break;
      await delay(TRY_AGAIN_MS);
    }
    throw new Error(`the server does not start: ${this.#stderr.trim() || "it says nothing"}`);
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  /** Resolves when the process is gone. */
  async gone(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  /** Stops it as Ctrl-C does, and returns its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const limit = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
    child.kill("SIGTERM");
    await this.gone();
    clearTimeout(limit);
    return child.exitCode;
  }

  #spawn(): ChildProcess {
    const startedAtMs = performance.now();
    const child = spawn(process.execPath, this.#args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.#stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    child.stdout?.once("data", () => this.startsMs.push(performance.now() - startedAtMs));
    return child;
  }
}

/** False if the process ended before. */
async function isListening(child: ChildProcess): Promise<boolean> {
  const exited = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line.startsWith("Listening ")) return true;
  }
  await exited;
  return false;
}
