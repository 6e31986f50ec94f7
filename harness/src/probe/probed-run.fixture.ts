// Runs fixture programs under the probe for one test, and leaves nothing behind.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { buildLedger, type Ledger } from "../ledger/ledger.ts";
import type { Connection } from "../result/result.ts";
import type { MessageFormat } from "../scenario/scenario.ts";
import { writeCertificate } from "./certificate.fixture.ts";
import { type ProbeReceiver, startProbeReceiver } from "./receiver.ts";

/** Long enough that no sample is taken during a test: only opening, closing and exit are reported. */
export const NEVER_MS = 3_600_000;

export interface Program {
  child: ChildProcess;
  line(): Promise<string>;
  /** The exit code, or null after a signal. */
  ended(): Promise<number | null>;
}

export interface ProbedRun {
  directory: string;
  receiver: ProbeReceiver;
  dial(port: number, way: string, size?: number): Program;
  /** Starts the acceptor and waits for its port. */
  accept(way: string): Promise<{ program: Program; port: number }>;
  ledger(): Promise<Ledger>;
}

export async function startProbedRun(intervalMs = NEVER_MS, messages?: MessageFormat): Promise<ProbedRun> {
  const directory = await mkdtemp(join(tmpdir(), "probed-"));
  const receiver = await startProbeReceiver({
    directory,
    nowMs: () => performance.now(),
    intervalMs,
    messages,
  });
  const programs: Program[] = [];
  await writeCertificate(directory);
  onTestFinished(async () => {
    for (const { child } of programs) child.kill("SIGKILL");
    await Promise.all(programs.map((program) => program.ended()));
    await receiver.close();
    await rm(directory, { recursive: true, force: true });
  });

  function start(id: string, file: string, args: string[]): Program {
    const environment = {
      FIXTURE_SOCKET: join(directory, "fixture.sock"),
      ...receiver.environmentFor({ id, isNode: true }),
    };
    const program = runNode([fileURLToPath(new URL(file, import.meta.url)), ...args], environment);
    programs.push(program);
    return program;
  }

  return {
    directory,
    receiver,
    dial: (port, way, size = 0) => start("dialer", "./dialer.fixture.js", [String(port), way, String(size)]),
    async accept(way) {
      const program = start("acceptor", "./acceptor.fixture.js", [way, directory]);
      return { program, port: Number(await program.line()) };
    },
    ledger: async () => buildLedger(await receiver.finish(), [{ name: "tls", label: "TLS", isTls: true }]),
  };
}

export function runNode(args: string[], environment: Record<string, string>): Program {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const lines = linesOf(createInterface({ input: child.stdout }));
  return { child, ended: () => ended, line: async () => String((await lines.next()).value) };
}

async function* linesOf(output: Interface): AsyncGenerator<string> {
  yield* output;
}

/** The four counts of a connection as a test expects them: written and read, to the acceptor and back. */
export function bytesOf({ dialerToAcceptor, acceptorToDialer }: Connection): (number | null)[][] {
  return [dialerToAcceptor, acceptorToDialer].map(({ writtenBytes, readBytes }) => [writtenBytes, readBytes]);
}
