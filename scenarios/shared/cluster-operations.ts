// Measures one operation after another on the servers of one setup; the CPU of idle servers is subtracted.
import { type ScenarioContext, settle, settleable } from "fiel";
import { addressesOf, type Backends } from "./cluster.ts";
import { commandsDuring, type Spent, spentOn, spentOnEach } from "./cluster-cost.ts";
import type { CostCell } from "./cluster-cost-plots.ts";
import { openDoors, startPlayers } from "./crowd.ts";
import { options } from "./programs.ts";
import { type Server, startServer } from "./velha.ts";

const HEARTBEAT_SECONDS = 2;
/** How many operations are recorded command by command. */
const RECORDED = 8;
export const OPERATIONS = ["login", "list", "begin", "accept", "report win", "report loss"] as const;
type Operation = (typeof OPERATIONS)[number];
export const TABLES: Record<Operation, string> = {
  login: "login, without the password's hash",
  list: "list",
  begin: "begin, until beginACK",
  accept: "answer, until both have the ticket",
  "report win": "result, the first report",
  "report loss": "result, the second report",
};
/** How many operations are under way while one kind is measured. */
const AT_ONCE = 16;
/** By then the work that follows an answer is over. */
const TRAILING_MS = 100;
/** Long enough to see everything that idle servers send. */
const TWO_RENEWALS_MS = 2_000;
/** Each connection sends it every few seconds; the idle time may be too short to see it. */
const KEEP_ALIVE = "PING";

export interface CostRun {
  context: ScenarioContext;
  backends: Backends | null;
  cells: CostCell[];
}

interface Setup extends CostRun {
  column: string;
  servers: readonly Server[];
  /** The third of three servers. It has no players, so it shows the cost of news from the others. */
  bystander: Server | null;
  players: Awaited<ReturnType<typeof startPlayers>>;
}

/** What servers do without requests. */
interface Idle {
  ms: number;
  spent: Spent;
  commandsPerSecond: number;
  kinds: ReadonlySet<string>;
}

/** The accounts for warming up, for measuring, and for recording commands. */
export function accountsOf({ settings: { clients = 0 } }: ScenarioContext): number {
  return warmUpOf(clients) + clients + RECORDED;
}

function warmUpOf(clients: number): number {
  return 2 * Math.ceil(clients / 8);
}

/** Without ids: one server with embedded store and presence. */
export async function measureSetup(run: CostRun, ids: readonly string[]): Promise<void> {
  const { context, backends } = run;
  const { clients = 0, lists = 0 } = context.settings;
  const column = ids.length === 0 ? "embedded" : `${ids.length} ${ids.length === 1 ? "server" : "servers"}`;
  context.phase(column);
  const args = [...openDoors, "--heartbeat", `${HEARTBEAT_SECONDS}`];
  if (backends) args.push(...options(addressesOf(backends)));
  const servers: Server[] = [];
  for (const id of ids.length === 0 ? ["server"] : ids)
    servers.push(await startServer(context, { id, args, environment: settleable }));
  const players = await startPlayers(context, servers.slice(0, 2), accountsOf(context));
  const setup: Setup = { ...run, column, servers, bystander: servers[2] ?? null, players };
  for (const operation of OPERATIONS)
    await players.perform(operation, warmUpOf(clients) / (operation === "login" ? 1 : 2), AT_ONCE);

  const empty = await settled(servers);
  const calm = await idleOf(setup);
  await measure(setup, calm, "login", clients);
  const full = await settled(servers);
  const idle = await idleOf(setup);
  const kbOf = (bytes: number) => bytes / 1_000 / (clients + RECORDED);
  const put = sheet(setup, "a client");
  put("resident memory", "kB", kbOf(full.rssBytes - empty.rssBytes));
  put("of which JavaScript heap", "kB", kbOf(full.heapBytes - empty.heapBytes));
  keepHeartbeat(setup, calm, idle);
  for (const operation of OPERATIONS.slice(1))
    await measure(setup, idle, operation, operation === "list" ? lists : clients / 2);
  await players.program.stop();
  for (const { program } of servers) await program.stop();
}

async function settled(servers: readonly Server[]): Promise<{ rssBytes: number; heapBytes: number }> {
  const each = await Promise.all(servers.map(({ program }) => settle(program)));
  const sum = (name: "rssBytes" | "heapBytes") => each.reduce((total, one) => total + one[name], 0);
  return { rssBytes: sum("rssBytes"), heapBytes: sum("heapBytes") };
}

async function idleOf(setup: Setup): Promise<Idle> {
  const { context, backends } = setup;
  const { idleMs: ms = 1_000 } = context.settings;
  const spent = await spentOn(setup, () => context.pause(ms));
  const watch = () => context.pause(TWO_RENEWALS_MS);
  const seen = backends ? await commandsDuring(backends.redisPort, watch) : [];
  const sent = seen.filter(({ isInside }) => !isInside).map(({ kind }) => kind);
  return {
    ms,
    spent,
    commandsPerSecond: (1_000 * sent.length) / TWO_RENEWALS_MS,
    kinds: new Set([...sent, KEEP_ALIVE]),
  };
}

async function measure(setup: Setup, idle: Idle, operation: Operation, count: number): Promise<void> {
  const { context, bystander, backends, players } = setup;
  let performed = { tookMs: 0, sent: 0, received: 0 };
  const spent = await spentOn(setup, async () => {
    performed = await players.perform(operation, count, AT_ONCE);
    await context.pause(TRAILING_MS);
  });
  const part = (performed.tookMs + TRAILING_MS) / idle.ms;
  const each = spentOnEach(spent, idle.spent, { part, count });
  const put = sheet(setup, TABLES[operation]);
  put("CPU, servers", "ms", each.serverMs);
  if (bystander) put("of which a server without players", "ms", each.bystanderMs);
  put("bytes, clients", "B", (performed.sent + performed.received) / count);
  put(`throughput, ${AT_ONCE} at once`, "/s", (1_000 * count) / performed.tookMs);
  const watched = operation === "login" ? RECORDED : RECORDED / 2;
  const perform = async () => void (await players.perform(operation, watched, 1));
  if (!backends) return perform();
  put("CPU, PostgreSQL", "ms", each.postgresMs);
  put("CPU, Redis", "ms", each.redisMs);
  put("round trips to PostgreSQL", "", each.roundTrips);
  put("of which writes", "", each.writes);
  const all = await commandsDuring(backends.redisPort, perform);
  const asked = all.filter(({ kind, isInside }) => !isInside && !idle.kinds.has(kind));
  put("Redis commands", "", asked.length / watched);
  put("messages between servers", "", all.filter(({ kind }) => kind === "PUBLISH").length / watched);
  put("bytes, Redis", "B", each.redisBytes);
}

function keepHeartbeat(setup: Setup, calm: Idle, idle: Idle): void {
  const { context, servers, backends } = setup;
  const perSecond = ((context.settings.clients ?? 0) + RECORDED) / HEARTBEAT_SECONDS;
  const each = spentOnEach(idle.spent, calm.spent, { part: 1, count: (perSecond * idle.ms) / 1_000 });
  const put = sheet(setup, "heartbeat");
  put("CPU, servers", "ms", each.serverMs);
  if (!backends) return;
  put("round trips to PostgreSQL", "", each.roundTrips);
  put("Redis commands", "", (idle.commandsPerSecond - calm.commandsPerSecond) / perSecond);
  const putUnasked = sheet(setup, "an idle server, per second");
  putUnasked("Redis commands", "", idle.commandsPerSecond / servers.length);
  putUnasked("CPU, Redis", "ms", (1_000 * idle.spent.redisMs) / idle.ms / servers.length);
}

/** A cost below the variation of the idle cost can come out negative: it counts as 0. */
function sheet({ context, column, cells }: Setup, table: string) {
  return (row: string, unit: string, cost: number) => {
    const value = Math.max(0, cost);
    cells.push({ table, row, column, value });
    const name = `${table}, ${column}: ${row}`;
    context.figure({ name, unit, values: [value], cell: { table, row, column } });
  };
}
