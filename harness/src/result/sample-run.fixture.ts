// A made-up but realistic run: a 20 s match of a server and two clients, for developing and testing charts and
// reports. Deterministic: the same bytes every time.
import type { Connection, MeasuredProcess, MeasuredSocket, RunEvent, RunResult } from "./result.ts";

const DURATION_MS = 20_000;
const INTERVAL_MS = 100;

/** A small seeded generator, so that the picture never changes by itself. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

type Told = [timeMs: number, processId: string, name: string, label: string];

const moves: Told[] = Array.from({ length: 9 }, (_, index) => {
  const square = ["2 2", "1 1", "3 1", "1 3", "1 2", "3 2", "2 1", "2 3", "3 3"][index];
  const isX = index % 2 === 0;
  return [5_900 + index * 1_050, isX ? "alan" : "beto", "move", `${isX ? "X" : "O"} ${square}`];
});

const told: Told[] = [
  [240, "server", "listening", "listening"],
  [700, "alan", "connected", "connected"],
  [820, "beto", "connected", "connected"],
  [1_900, "alan", "login", "login"],
  [2_060, "beto", "login", "login"],
  [3_400, "beto", "invitation", "invitation"],
  [4_450, "alan", "accepted", "accepted"],
  [4_520, "beto", "match", "match begins"],
  ...moves,
  [14_350, "alan", "result", "draw"],
  [14_360, "beto", "result", "draw"],
  [14_420, "alan", "reported", "result reported"],
  [14_440, "beto", "reported", "result reported"],
  [17_000, "alan", "logout", "logout"],
  [17_600, "beto", "logout", "logout"],
  [18_400, "alan", "exit", "goodbye"],
  [18_450, "beto", "exit", "goodbye"],
  [19_500, "server", "stopped", "shutdown"],
];

function events(): RunEvent[] {
  return told.map(([timeMs, processId, name, label]) => ({
    timeMs,
    processId,
    name,
    label,
    text: `${processId} says: ${label}`,
  }));
}

function program(
  id: string,
  pid: number,
  startedAtMs: number,
  endedAtMs: number,
  restMb: number,
): MeasuredProcess {
  const random = seededRandom(pid);
  const own = events().filter((event) => event.processId === id || id === "server");
  const samples = [];
  let rssMb = 38;
  for (let timeMs = startedAtMs + INTERVAL_MS; timeMs <= endedAtMs; timeMs += INTERVAL_MS) {
    const age = timeMs - startedAtMs;
    const isBusy = own.some((event) => event.timeMs > timeMs - INTERVAL_MS && event.timeMs <= timeMs);
    let cpuPercent = random() < 0.06 ? 10 : 0;
    if (isBusy) cpuPercent = 10 + Math.floor(random() * 3) * 10;
    if (age <= 400) cpuPercent = [96, 112, 78, 31][age / INTERVAL_MS - 1] ?? 0;
    rssMb += (restMb - rssMb) * (age <= 400 ? 0.55 : 0.05) + (isBusy ? 0.35 : 0);
    samples.push({ timeMs, cpuPercent, rssBytes: Math.round(rssMb * 1e6), processCount: 1 });
  }
  return {
    id,
    label: id,
    command: ["node", `dist/src/${id === "server" ? "server" : "client"}/main.js`],
    pid,
    startedAtMs,
    endedAtMs,
    exitCode: 0,
    signal: null,
    samples,
  };
}

type Talk = [timeMs: number, fromDialer: number, fromAcceptor: number];

class Wires {
  readonly sockets: MeasuredSocket[] = [];
  readonly connections: Connection[] = [];
  #nextPort = 51_000;

  add(flow: string, dialer: string, acceptor: string, port: number, talk: Talk[]): void {
    const dialled = { address: "127.0.0.1", port: this.#nextPort++ };
    const listening = { address: "127.0.0.1", port };
    const ends = { flow, isTls: flow === "tls", openedAtMs: talk[0]![0], closedAtMs: talk.at(-1)![0] };
    const dialerEnd = this.#end(dialer, "dialer", talk);
    const acceptorEnd = this.#end(acceptor, "acceptor", talk);
    this.sockets.push(
      { ...ends, ...dialerEnd, side: "dialer", local: dialled, remote: listening, end: "fin" },
      { ...ends, ...acceptorEnd, side: "acceptor", local: listening, remote: dialled, end: "fin" },
    );
    const passed = (bytes: number) => ({ writtenBytes: bytes, readBytes: bytes, residualBytes: 0 });
    this.connections.push({
      flow,
      dialerSocketId: dialerEnd.id,
      acceptorSocketId: acceptorEnd.id,
      end: "fin",
      dialerToAcceptor: passed(dialerEnd.bytesWritten),
      acceptorToDialer: passed(dialerEnd.bytesRead),
    });
  }

  #end(processId: string, side: "dialer" | "acceptor", talk: Talk[]) {
    let bytesWritten = 0;
    let bytesRead = 0;
    const samples = talk.map(([timeMs, fromDialer, fromAcceptor]) => {
      bytesWritten += side === "dialer" ? fromDialer : fromAcceptor;
      bytesRead += side === "dialer" ? fromAcceptor : fromDialer;
      return { timeMs, bytesWritten, bytesRead };
    });
    return {
      id: `${processId}#${this.sockets.length + 1}${side[0]}`,
      processId,
      bytesWritten,
      bytesRead,
      samples,
    };
  }
}

function wires(): Wires {
  const all = new Wires();
  for (const [user, lag] of [
    ["alan", 0],
    ["beto", 140],
  ] as const) {
    all.add("control", user, "server", 3000, [
      [690 + lag, 0, 41],
      [3_350, user === "alan" ? 11 : 17, user === "alan" ? 0 : 12],
      [4_440, user === "alan" ? 15 : 34, user === "alan" ? 270 : 260],
      [14_400 + lag / 10, 1_180, 39],
      [17_000 + lag * 4, 7, 10],
      [18_400 + lag / 3, 5, 8],
    ]);
    all.add("tls", user, "server", 3001, [
      [1_780 + lag, 517, 0],
      [1_800 + lag, 0, 903],
      [1_810 + lag, 178, 0],
      [1_900 + lag, 102, 174],
      [2_300 + lag, 24, 24],
    ]);
    const pings: Talk[] = Array.from({ length: 9 }, (_, index) => [2_720 + lag + index * 2_000, 7, 7]);
    all.add("heartbeat", user, "server", 3000, [[720 + lag, 34, 17], ...pings]);
  }
  const signed: Talk[] = moves.map(([timeMs], index) => {
    const bytes = 100;
    return [timeMs, index % 2 === 0 ? bytes : 0, index % 2 === 1 ? bytes : 0];
  });
  all.add("moves", "alan", "beto", 40_001, [[4_560, 153, 153], ...signed]);
  const probes: Talk[] = Array.from({ length: 4 }, (_, index) => [4_700 + index * 3_000, 14, 14]);
  all.add("delay", "alan", "beto", 40_002, [[4_580, 153, 153], ...probes]);
  return all;
}

/** The run; `changes` replaces whole fields of it. */
export function sampleRun(changes: Partial<RunResult> = {}): RunResult {
  const { sockets, connections } = wires();
  return {
    schemaVersion: 1,
    scenario: { name: "match", title: "Match", description: "Two clients play a whole match." },
    startedAt: "2026-03-14T15:09:26.535Z",
    durationMs: DURATION_MS,
    status: "passed",
    failure: null,
    environment: {
      harnessVersion: "0.1.0",
      nodeVersion: "v20.20.0",
      platform: "linux",
      architecture: "x64",
      kernel: "Linux 6.8.0-51-generic",
      cpuModel: "Intel(R) Core(TM) i5-5200U CPU @ 2.20GHz",
      cpuCount: 4,
      memoryBytes: 12_463_374_336,
    },
    sampling: { intervalMs: INTERVAL_MS, sampler: "pidusage", ticksTaken: 199, ticksMissed: 0 },
    flows: [
      { name: "control", label: "Control" },
      { name: "tls", label: "TLS" },
      { name: "heartbeat", label: "Heartbeat" },
      { name: "moves", label: "Moves" },
      { name: "delay", label: "Delay" },
    ],
    processes: [
      program("server", 4_101, 0, 19_600, 62),
      program("alan", 4_117, 400, 18_500, 55),
      program("beto", 4_124, 500, 18_600, 55),
    ],
    sockets,
    connections,
    events: events(),
    phases: [
      { name: "start", startMs: 0, endMs: 1_000 },
      { name: "login", startMs: 1_000, endMs: 3_000 },
      { name: "invite", startMs: 3_000, endMs: 5_000 },
      { name: "match", startMs: 5_000, endMs: 14_600 },
      { name: "leave", startMs: 14_600, endMs: DURATION_MS },
    ],
    checks: [
      {
        name: "the server's memory",
        passed: true,
        value: 63.1,
        limit: 90,
        unit: "MB",
        advice: "look for what is kept for each connection",
      },
      {
        name: "bytes written equal bytes read on closed connections",
        passed: true,
        value: 0,
        limit: 0,
        unit: "bytes",
        advice: "look at the connections with a residual",
      },
    ],
    ...changes,
  };
}
