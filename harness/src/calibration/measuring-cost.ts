// What being measured costs a program: it does the same work alone and under the harness, interleaved, and keeps its
// own account of CPU time.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { makeTemporaryFolder } from "../leftovers/temporary-folder.ts";
import { builtFile } from "../own-package.ts";
import { type MeasuredProgram, Measurement } from "../run/measurement.ts";
import { startClock } from "../run/run-clock.ts";
import { DEFAULT_SAMPLER } from "../samplers/choose-sampler.ts";
import type { MessageFormat } from "../scenario/scenario.ts";
import { prepareKernelWitness } from "../witness/choose-witness.ts";

const INTERVAL_MS = 100;
const CLIENT = { id: "echo-client", command: ["node"] };
const MESSAGES: MessageFormat = { separator: "\n", type: /^([A-Za-z]+)/ };

/** The options of the harness in each arm. */
const HARNESS_OPTIONS = {
  measured: {},
  "measured, by type of message": { messages: MESSAGES },
  "measured, messages kept": { messages: MESSAGES, keepsMessages: true },
} as const;

export const ARMS = ["alone", ...(Object.keys(HARNESS_OPTIONS) as (keyof typeof HARNESS_OPTIONS)[])] as const;
export type Arm = (typeof ARMS)[number];

export interface ArmRun {
  arm: Arm;
  /** For the fixed amount of work. */
  busyCpuMs: number;
  idlePercent: number;
  bytesSent: number;
}

export interface MeasuringCostOptions {
  rounds: number;
  messagesEach: number;
  idleMs: number;
  onArmRun?: (run: ArmRun) => void;
}

/** Each round runs every arm once; every second round runs them in reverse order. */
export async function measureCost({ rounds, onArmRun, ...work }: MeasuringCostOptions): Promise<ArmRun[]> {
  const runs: ArmRun[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const arm of round % 2 === 0 ? ARMS : ARMS.toReversed()) {
      const run = await play(arm, work);
      runs.push(run);
      onArmRun?.(run);
    }
  }
  return runs;
}

type Work = Pick<MeasuringCostOptions, "messagesEach" | "idleMs">;

interface HarnessOptions {
  messages?: MessageFormat;
  keepsMessages?: boolean;
}

async function play(arm: Arm, work: Work): Promise<ArmRun> {
  const echo = createServer((socket) =>
    socket
      .setNoDelay()
      .on("error", () => {})
      .pipe(socket),
  );
  await once(echo.listen(0, "127.0.0.1"), "listening");
  try {
    if (arm === "alone") return { arm, ...(await accountOf(await startClient(echo, {}), work)) };
    return { arm, ...(await measured(echo, HARNESS_OPTIONS[arm], work)) };
  } finally {
    echo.close();
  }
}

/** With everything that a scenario uses: probe, sampler and the kernel's reports. */
async function measured(echo: Server, options: HarnessOptions, work: Work) {
  const directory = await makeTemporaryFolder("calibrate");
  const kernel = await prepareKernelWitness(INTERVAL_MS, null);
  const clock = startClock();
  const programs: MeasuredProgram[] = [];
  const measurement = await Measurement.begin({
    ...options,
    clock,
    directory,
    leftovers: [],
    intervalMs: INTERVAL_MS,
    sampler: DEFAULT_SAMPLER,
    programs,
    progress: { now() {} },
    kernel,
  });
  const client = await startClient(echo, measurement.environmentFor(CLIENT));
  const program = {
    ...CLIENT,
    pid: client.pid,
    startedAtMs: clock.nowMs(),
    hasProcesses: true,
    processes: () => [client.pid],
  };
  programs.push(program);
  await measurement.watch(CLIENT, program);
  const account = await accountOf(client, work);
  await measurement.close();
  await rm(directory, { recursive: true, force: true });
  return account;
}

interface Client {
  pid: number;
  request(line: string): Promise<string>;
  end(): Promise<void>;
}

async function startClient(echo: Server, environment: Record<string, string>): Promise<Client> {
  const { port } = echo.address() as AddressInfo;
  const file = builtFile("echo-client.js");
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [file, String(port)], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, "exit");
  await lines.next();
  return {
    pid: child.pid!,
    async request(line) {
      child.stdin.write(`${line}\n`);
      return String((await lines.next()).value);
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}

async function accountOf(client: Client, { messagesEach, idleMs }: Work): Promise<Omit<ArmRun, "arm">> {
  const account = async () => (await client.request("account")).split(" ").map(Number) as [number, number];
  // Warms up, so that compilation counts in neither arm.
  await client.request(`send ${Math.ceil(messagesEach / 4)}`);
  const [beforeMs] = await account();
  await client.request(`send ${messagesEach}`);
  const [betweenMs] = await account();
  const startMs = performance.now();
  await delay(idleMs);
  const [afterMs, bytesSent] = await account();
  const idlePercent = (100 * (afterMs - betweenMs)) / (performance.now() - startMs);
  await client.end();
  return { busyCpuMs: betweenMs - beforeMs, idlePercent, bytesSent };
}
