// What the scenarios of many clients share: accounts registered beforehand, and programs that run without a probe.
import { join } from "node:path";
import { type Program, pinned, type ScenarioContext, StepFailure } from "fiel";
import { baseline, options, programs } from "./programs.ts";
import type { Server } from "./velha.ts";

/** A login costs as much CPU as two to three handshakes, including the client's side. */
const RAMP_PER_SECOND = 100;
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;
/** No probe: with this many connections and messages it would distort the measurement. */
export const unwatched = { NODE_OPTIONS: "" };
/** Server options that let a whole crowd in from one address. */
export const openDoors = ["--attempt-limits", "off", "--connections-per-address", "20000"];

/** Call it before the server starts. With cheap hashes a login costs the server almost nothing. */
export async function registerCrowd(
  context: ScenarioContext,
  clients: number,
  { seed = 1, isHashCheap = true, database = "" } = {},
): Promise<void> {
  const file = join(context.directory, "accounts.txt");
  const asked = options({ clients, seed, accounts: file, hashed: isHashCheap });
  await runToEnd(context, "accounts", ["node", programs.bots, ...asked]);
  await importAccounts(context, file, database);
}

/** `file` has lines of name, password and points, separated by tabs. */
export async function importAccounts(context: ScenarioContext, file: string, database = ""): Promise<void> {
  const place = options({ data: join(context.directory, "data"), database: database || false });
  await runToEnd(context, "import", ["node", programs.server, "import-users", file, ...place]);
}

interface Crowd {
  clients: number;
  args?: string[];
  isPinned?: boolean;
}

/** Pinned to a core of its own, unless `isPinned` is false. */
export function startBots(
  context: ScenarioContext,
  { host, port }: Server,
  { clients, args = [], isPinned = true }: Crowd,
): Promise<Program> {
  const asked = options({ server: `${host}:${port}`, clients, ramp: RAMP_PER_SECOND });
  const command = ["node", programs.bots, ...asked, ...args];
  return context.start({
    id: "bots",
    command: isPinned ? pinned(LOAD_CORE, command) : command,
    environment: unwatched,
    events: [{ match: /^(\d+) of \d+ clients are logged in/, name: "everybody-in", label: "$1 logged in" }],
  });
}

/** Resolves when everybody is logged in. */
export async function bringCrowd(context: ScenarioContext, server: Server, crowd: Crowd): Promise<Program> {
  const bots = await startBots(context, server, crowd);
  await everybodyLoggedIn(bots, crowd.clients);
  return bots;
}

export async function everybodyLoggedIn(
  bots: Program,
  clients: number,
  withinMs = Math.max(120_000, 40 * clients),
): Promise<void> {
  const [said, came] = await bots.sees(/^(\d+) of \d+ clients are logged in/, { withinMs });
  if (Number(came) < clients) throw new StepFailure(said, "bots");
}

/** Resolves when everybody has left. */
export async function dismissCrowd(bots: Program): Promise<void> {
  bots.signal("SIGTERM");
  await bots.ended({ withinMs: 60_000 });
}

/** Starts the bare server that answers lines. */
export async function startBareLineServer(
  context: ScenarioContext,
  { isPinned = true } = {},
): Promise<Server> {
  const port = await context.freePort();
  const command = ["node", baseline("line-server"), `${port}`];
  const program = await context.start({
    id: "baseline",
    label: "bare line server",
    command: isPinned ? pinned(SERVER_CORE, command) : command,
    environment: unwatched,
  });
  await program.sees(/^listening/);
  return { program, host: "127.0.0.1", port };
}

/** Starts the load for line servers; `ask` sends it a job and resolves with what it measured. */
export async function startLoad(context: ScenarioContext) {
  const program = await context.start({
    id: "load",
    command: pinned(LOAD_CORE, ["node", programs.load, "lines"]),
    environment: unwatched,
  });
  await program.sees(/^ready/);
  return {
    program,
    async ask<T>(job: object): Promise<T> {
      program.type(JSON.stringify(job));
      const [, measured = ""] = await program.sees(/^done (.*)/, { withinMs: 120_000 });
      return JSON.parse(measured) as T;
    },
  };
}

export interface Performed {
  tookMs: number;
  /** Bytes of all connections to the servers, on the wire. */
  sent: number;
  received: number;
}

/** Starts bare players with the crowd's accounts, spread over the servers; `perform` lets them do one operation many times. */
export async function startPlayers(context: ScenarioContext, servers: readonly Server[], clients: number) {
  const addresses = servers.map(({ host, port }) => `${host}:${port}`);
  const program = await context.start({
    id: "players",
    command: ["node", programs.load, "players", ...options({ clients, server: addresses.join(",") })],
    environment: unwatched,
  });
  await program.sees(/^ready/);
  return {
    program,
    async perform(operation: string, count: number, atOnce: number): Promise<Performed> {
      program.type(JSON.stringify({ operation, count, atOnce }));
      const [, performed = ""] = await program.sees(/^done (.*)/, { withinMs: 60_000 });
      return JSON.parse(performed) as Performed;
    },
  };
}

async function runToEnd(context: ScenarioContext, id: string, command: string[]): Promise<void> {
  const program = await context.start({ id, command, environment: unwatched });
  await program.ended({ withinMs: 120_000 });
}
