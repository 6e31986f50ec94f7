// A private PostgreSQL in a temporary folder, on a Unix socket there, removed after the test file.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";

const DEBIAN = "/usr/lib/postgresql";
const MISSING = "PostgreSQL is not installed (apt-get install postgresql)";

/** Where `initdb` and `postgres` are, or null where PostgreSQL is not installed. */
function programFolder(): string | null {
  const versions = existsSync(DEBIAN)
    ? readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one))
    : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, "bin")),
    ...(process.env.PATH ?? "").split(":"),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`. */
function owner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (option: string) => Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

export class PrivatePostgres {
  readonly #programs: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "velha-postgres-"));
  readonly #owner = owner();
  #placeCount = 0;
  #markCount = 0;
  #process: ChildProcess | null = null;
  readonly #log = new EventEmitter<{ line: [string] }>();

  private constructor(programs: string) {
    this.#programs = programs;
  }

  /** Null where PostgreSQL is not installed; in CI that is an error. */
  static async start(): Promise<PrivatePostgres | null> {
    const programs = programFolder();
    if (programs === null) {
      if (process.env.CI) throw new Error(MISSING);
      console.warn(`skipped: what needs PostgreSQL: ${MISSING}`);
      return null;
    }
    const postgres = new PrivatePostgres(programs);
    postgres.#makeCluster();
    await postgres.start();
    return postgres;
  }

  /** The address of an empty place in it. */
  async newPlace(): Promise<string> {
    const schema = `place_${++this.#placeCount}`;
    await this.ask(`CREATE SCHEMA ${schema}`);
    return `${this.#url}&options=${encodeURIComponent(`-c search_path=${schema}`)}`;
  }

  async ask(sql: string, place = this.#url): Promise<unknown[]> {
    const client = new pg.Client(place);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async start(): Promise<void> {
    const settings = [
      "listen_addresses=",
      `unix_socket_directories=${this.#folder}`,
      "log_statement=all",
      "fsync=off",
    ];
    const child = spawn(
      join(this.#programs, "postgres"),
      ["-D", join(this.#folder, "data"), ...settings.flatMap((setting) => ["-c", setting])],
      { ...this.#owner, stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#process = child;
    createInterface(child.stderr).on("line", (line) => this.#log.emit("line", line));
    const lines: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const listen = (line: string) => {
        lines.push(line);
        if (!line.includes("ready to accept connections")) return;
        this.#log.off("line", listen);
        resolve();
      };
      this.#log.on("line", listen);
      child.once("exit", () => reject(new Error(`PostgreSQL did not start:\n${lines.join("\n")}`)));
    });
  }

  /** The names of the statements that it executes during `work`, from its own log. */
  async statementsOf(work: () => Promise<unknown>): Promise<string[]> {
    // The log is written late, so marks are logged before and after the work.
    const number = ++this.#markCount;
    const [begin, end] = [`begin ${number}`, `end ${number}`];
    const statements: string[] = [];
    let hasBegun = false;
    let sawEnd = () => {};
    const ended = new Promise<void>((resolve) => {
      sawEnd = resolve;
    });
    const listen = (line: string) => {
      const executed = / LOG: {2}execute ([^:]*):/.exec(line)?.[1];
      if (executed && hasBegun) statements.push(executed);
      if (line.includes(begin)) hasBegun = true;
      if (line.includes(end)) sawEnd();
    };
    this.#log.on("line", listen);
    await this.ask(`SELECT '${begin}'`);
    await work();
    await this.ask(`SELECT '${end}'`);
    await ended;
    this.#log.off("line", listen);
    return statements;
  }

  /** Stops it at once, as a crash does: the next start recovers from its log. */
  async crash(): Promise<void> {
    await this.#end("SIGQUIT");
  }

  /** Stops or continues all of its processes. */
  signalAll(signal: "SIGSTOP" | "SIGCONT"): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    for (const each of [pid, ...children.map(Number)]) process.kill(each, signal);
  }

  async remove(): Promise<void> {
    await this.#end("SIGQUIT");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #url(): string {
    return `postgres:///postgres?host=${encodeURIComponent(this.#folder)}&user=velha`;
  }

  #makeCluster(): void {
    const { uid, gid } = this.#owner;
    if (uid !== undefined && gid !== undefined) chownSync(this.#folder, uid, gid);
    const options = [
      "-D",
      join(this.#folder, "data"),
      "-U",
      "velha",
      "-A",
      "trust",
      "-E",
      "UTF8",
      "--locale=C",
      "-N",
    ];
    execFileSync(join(this.#programs, "initdb"), options, {
      ...this.#owner,
      stdio: "pipe",
      cwd: this.#folder,
    });
  }

  async #end(signal: "SIGQUIT"): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }
}
