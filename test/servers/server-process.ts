// The compiled server as a user starts it, on free ports, with its own data.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { putCertificate } from "./server-certificate.ts";

const isCompiled = import.meta.url.endsWith(".js");
const program = fileURLToPath(
  new URL(`../../${isCompiled ? "" : "dist/"}src/server/main.js`, import.meta.url),
);

export class ServerProcess {
  readonly port: number;
  readonly tlsPort: number;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #errors: string[];
  readonly #folder: string;
  readonly #isFolderOwn: boolean;

  private constructor(
    child: ChildProcess,
    errors: string[],
    folder: string,
    isFolderOwn: boolean,
    ports: [number, number],
  ) {
    this.#child = child;
    this.pid = child.pid as number;
    this.#errors = errors;
    this.#folder = folder;
    this.#isFolderOwn = isFolderOwn;
    [this.port, this.tlsPort] = ports;
  }

  /** `options` go to its command line; `folder` and the port `wanted` continue where another server stopped. */
  static async start(options: string[] = [], folder?: string, wanted = 0): Promise<ServerProcess> {
    const home = folder ?? (await mkdtemp(join(tmpdir(), "velha-conformance-")));
    const folders = ["--data", join(home, "data"), "--certs", join(home, "certs")];
    if (folder === undefined) await putCertificate(join(home, "certs"));
    const place = [`${wanted}`, "--host", "127.0.0.1"];
    const child = spawn(process.execPath, [program, ...place, ...folders, ...options], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    // A test that fails leaves no process behind either.
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    child.unref();
    const errors: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
    for await (const line of createInterface({ input: child.stdout })) {
      const [, port, tlsPort] = /port (\d+), TLS port (\d+)/.exec(line) ?? [];
      if (port && tlsPort)
        return new ServerProcess(child, errors, home, folder === undefined, [Number(port), Number(tlsPort)]);
    }
    throw new Error(`the server ended before it listened: ${errors.join("")}`);
  }

  /** What it has printed on stderr. */
  get stderr(): string {
    return this.#errors.join("");
  }

  /** Resident memory, on Linux. */
  get rssBytes(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024;
  }

  /** The lines of its log, without their times. */
  get log(): string[] {
    const lines = readFileSync(join(this.#folder, "data", "log.txt"), "utf8")
      .trim()
      .split("\n");
    return lines.map((line) => line.slice(line.indexOf("] ") + 2));
  }

  get folder(): string {
    return this.#folder;
  }

  /** Ends it as Ctrl-C does; resolves with its exit code. */
  async interrupt(signal: NodeJS.Signals = "SIGINT"): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    this.#child.ref();
    const exited = once(this.#child, "exit");
    this.#child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }

  async dispose(): Promise<void> {
    await this.interrupt("SIGKILL");
    if (this.#isFolderOwn) await rm(this.#folder, { recursive: true, force: true });
  }
}
