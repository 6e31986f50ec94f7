// Starts a program in a pseudo-terminal.
import { closeSync, constants as files, openSync } from "node:fs";
import { constants } from "node:os";
import type { LaunchedProgram, LaunchOptions, ProgramEnd } from "./launched.ts";

const COLUMNS = 80;
const ROWS = 24;
const END_OF_INPUT = "\x04";
/** How late the end of the program can be noticed. */
const LOOK_EVERY_MS = 20;
/** So many looks without more output after the end of the program, and all of it was read. */
const QUIET_LOOKS = 2;

/** Give it only what exists and can be executed: node-pty reports no reason. */
export async function launchInTerminal(
  file: string,
  args: string[],
  { cwd, environment }: LaunchOptions,
): Promise<LaunchedProgram> {
  const { spawn } = await import("@lydell/node-pty");
  const env = { ...environment };
  const terminal = spawn(file, args, { name: "xterm-256color", cols: COLUMNS, rows: ROWS, cwd, env });
  const { pid } = terminal;
  // Node takes the rest of a terminal's output for read as soon as no program has the terminal open. So we have, too,
  // until nothing more comes.
  const device = openSync(
    (terminal as unknown as { ptsName: string }).ptsName,
    files.O_RDWR | files.O_NOCTTY,
  );
  let quietLooks = 0;
  terminal.onData(() => {
    quietLooks = 0;
  });
  const drained = new Promise<ProgramEnd>((resolve) => {
    terminal.onExit(({ exitCode, signal = 0 }) =>
      resolve(signal === 0 ? { code: exitCode, signal: null } : { code: null, signal: signalName(signal) }),
    );
  });
  const timer = setInterval(() => {
    if (isThere(pid)) return;
    quietLooks += 1;
    if (quietLooks < QUIET_LOOKS) return;
    clearInterval(timer);
    closeSync(device);
  }, LOOK_EVERY_MS);
  return {
    pid,
    exited: drained,
    streams: 1,
    onText: (listener) => terminal.onData((text) => listener(text, 0)),
    typeLine: (line) => terminal.write(`${line}\r`),
    endInput: () => terminal.write(END_OF_INPUT),
    kill: (signal) => terminal.kill(signal),
    drain: async () => {},
  };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function signalName(number: number): NodeJS.Signals {
  const names = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return names.find(([, value]) => value === number)?.[0] ?? "SIGKILL";
}
