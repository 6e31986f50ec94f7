// What being measured costs a program: the same work alone and under the harness, by turns, by the program's own account.

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
const TALKER = { id: "talker", command: ["node"] };
const MESSAGES: MessageFormat = { separator: "\n", type: /^([A-Za-z]+)/ };

/** What is asked of the harness in each, beside what it always does. */
const ASKED = {
  measured: {},
  "measured, by type of message": { messages: MESSAGES },
  "measured, messages kept": { messages: MESSAGES, keepsMessages: true },
} as const;

export const ARMS = ["alone", ...(Object.keys(ASKED) as (keyof typeof ASKED)[])] as const;
export type Arm = (typeof ARMS)[number];

export interface Turn {
  arm: Arm;
  /** For the fixed amount of work. */
  busyCpuMs: number;
  idlePercent: number;
  bytesSent: number;
}

export interface TurnsOptions {
  rounds: number;
  messagesEach: number;
  idleMs: number;
  onTurn?: (turn: Turn) => void;
}

/** Each round plays every arm once, forwards and backwards by turns. */
export async function takeTurns({ rounds, onTurn, ...work }: TurnsOptions): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const arm of round % 2 === 0 ? ARMS : ARMS.toReversed()) {
      const turn = await play(arm, work);
      turns.push(turn);
      onTurn?.(turn);
    }
  }
  return turns;
}

type Work = Pick<TurnsOptions, "messagesEach" | "idleMs">;
interface Asked {
  messages?: MessageFormat;
  keepsMessages?: boolean;
}

async function play(arm: Arm, work: Work): Promise<Turn> {
  const echo = createServer((socket) =>
    socket
      .setNoDelay()
      .on("error", () => {})
      .pipe(socket),
  );
  await once(echo.listen(0, "127.0.0.1"), "listening");
  try {
    if (arm === "alone") return { arm, ...(await accountOf(await startTalker(echo, {}), work)) };
    return { arm, ...(await measured(echo, ASKED[arm], work)) };
  } finally {
    echo.close();
  }
}

/** With all that a scenario has at work: probe, sampler, and the kernel's reports. */
async function measured(echo: Server, asked: Asked, work: Work) {
  const directory = await makeTemporaryFolder("calibrate");
  const kernel = await prepareKernelWitness(INTERVAL_MS, null);
  const clock = startClock();
  const programs: MeasuredProgram[] = [];
  const measurement = await Measurement.begin({
    ...asked,
    clock,
    directory,
    leftovers: [],
    intervalMs: INTERVAL_MS,
    sampler: DEFAULT_SAMPLER,
    programs,
    progress: { now() {} },
    kernel,
  });
  const talker = await startTalker(echo, measurement.environmentFor(TALKER));
  const program = {
    ...TALKER,
    pid: talker.pid,
    startedAtMs: clock.nowMs(),
    hasProcesses: true,
    processes: () => [talker.pid],
  };
  programs.push(program);
  await measurement.watch(TALKER, program);
  const account = await accountOf(talker, work);
  await measurement.close();
  await rm(directory, { recursive: true, force: true });
  return account;
}

interface Talker {
  pid: number;
  says(line: string): Promise<string>;
  end(): Promise<void>;
}

async function startTalker(echo: Server, environment: Record<string, string>): Promise<Talker> {
  const { port } = echo.address() as AddressInfo;
  const file = builtFile("talker.js");
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [file, String(port)], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, "exit");
  await lines.next();
  return {
    pid: child.pid!,
    async says(line) {
      child.stdin.write(`${line}\n`);
      return String((await lines.next()).value);
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}

async function accountOf(talker: Talker, { messagesEach, idleMs }: Work): Promise<Omit<Turn, "arm">> {
  const account = async () => (await talker.says("account")).split(" ").map(Number) as [number, number];
  // What is compiled on the way counts for neither.
  await talker.says(`talk ${Math.ceil(messagesEach / 4)}`);
  const [beforeMs] = await account();
  await talker.says(`talk ${messagesEach}`);
  const [betweenMs] = await account();
  const startMs = performance.now();
  await delay(idleMs);
  const [afterMs, bytesSent] = await account();
  const idlePercent = (100 * (afterMs - betweenMs)) / (performance.now() - startMs);
  await talker.end();
  return { busyCpuMs: betweenMs - beforeMs, idlePercent, bytesSent };
}
