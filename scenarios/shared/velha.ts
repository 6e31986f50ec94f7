// What all scenarios of the game share: how its programs are started, how its connections are recognised, and which
// printed lines are events of a run.
import { join } from "node:path";
import {
  type EventPattern,
  type Flow,
  type IsolatedNetwork,
  type MessageFormat,
  type Program,
  pinned,
  type ScenarioContext,
  type SeriesPattern,
} from "fiel";
import { options, programs } from "./programs.ts";

const HOST = "127.0.0.1";

/** The first rule that matches names the flow. */
export const flows: Flow[] = [
  { name: "tls", label: "TLS (accounts)", isTls: true },
  { name: "heartbeat", label: "heartbeat", firstLine: /^heartbeat;/ },
  { name: "moves", label: "moves (P2P)", firstLine: /^join;game;/ },
  { name: "delay", label: "delay (P2P)", firstLine: /^join;ping;/ },
  { name: "control", label: "control", firstLine: /^secport;/ },
];

/** One line is one message, named by its first block. Credentials are never shown; keys and signatures are shortened. */
export const messages: MessageFormat = {
  separator: "\n",
  type: /^([A-Za-z]+)/,
  routine: /^p[io]ng$/,
  masks: [
    { match: /^(adduser|login);([^;]*).*/i, becomes: "$1;$2;•••" },
    { match: /^(passwd|resume);.*/i, becomes: "$1;•••" },
    { match: /^(loginACK|resumeACK);([^;]*).*/i, becomes: "$1;$2;•••" },
    // Whoever knows a connection's id can bind another connection to it.
    { match: /^(secport;\d+|heartbeat|bind);.*/i, becomes: "$1;•••" },
    // Keys, signatures, nonces and tickets.
    { match: /([\w-]{5})[\w.-]{17,}/g, becomes: "$1…" },
  ],
};

export const serverEvents: EventPattern[] = [
  { match: /^Listening on \S+ port \d+/, name: "listening", label: "listening" },
  // In its log.
  { match: /\] Last run ended unexpectedly/, name: "crash-noticed", label: "last run crashed" },
  { match: /\] Heartbeat lost: user '(\S+)'/, name: "heartbeat-lost", label: "$1 is lost" },
];

/** Each event is taken from one program: the player who acts, not the one who is affected. */
export function clientEvents(user: string): EventPattern[] {
  return [
    { match: /^Connected to /, name: "connected", label: "connected" },
    { match: /^User '\S+' created/, name: "adduser", label: "account" },
    { match: /^Logged in as /, name: "login", label: "login" },
    { match: /^Inviting /, name: "invitation", label: "invitation" },
    { match: /^Match with \S+: you are O/, name: "match", label: "match begins" },
    { match: /^You played (\d) (\d)/, name: "move", label: `${user} $1 $2` },
    { match: /^You won\b/, name: "result", label: `${user} won` },
    { match: /^You lost\b/, name: "result", label: `${user} lost` },
    { match: /^Draw\b/, name: "result", label: "draw" },
    { match: /^Back in the match with /, name: "match-resumed", label: "match resumed" },
    { match: /^The server is away/, name: "server-away", label: "server away" },
    { match: /^The server is back/, name: "server-back", label: "server back" },
    { match: /^The server did not come back/, name: "gave-up", label: "gave up" },
    { match: /^The result is kept/, name: "result-kept", label: "result kept" },
    { match: /^No connection to /, name: "link-lost", label: "link lost" },
    { match: /^\S+ is connected again/, name: "link-back", label: "link back" },
    { match: /^\S+ could not be reached/, name: "opponent-gone", label: "opponent gone" },
    { match: /^The match was broken off/, name: "abandoned", label: "match abandoned" },
    { match: /^\s+(\S+)\s+(free|playing)\b/, name: "listed", label: "$1 is $2" },
    { match: /^Logged out/, name: "logout", label: "logout" },
    { match: /^Goodbye/, name: "goodbye", label: "goodbye" },
  ];
}

/** The latest round trip to the opponent, printed by `delay`. */
const clientSeries: SeriesPattern[] = [
  { match: /^Delay:.* ([\d.]+) ms$/, name: "p2p-delay", label: "Delay between the players", unit: "ms" },
];

const botsEvents: EventPattern[] = [
  { match: /^(\d+) of \d+ clients are logged in/, name: "everybody-in", label: "$1 logged in" },
  { match: /^Everybody is back, the last after (\S+ s)/, name: "everybody-back", label: "all back" },
];

export interface Server {
  program: Program;
  host: string;
  port: number;
}

interface ServerOptions {
  /** "server" unless there are several. */
  id?: string;
  /** Further arguments. */
  args?: string[];
  environment?: Record<string, string>;
  /** The network it runs in; by default this machine's. */
  network?: IsolatedNetwork | null;
  /** The core it is pinned to. */
  core?: number;
  /** A server that ran before: it is started with the same address, ports and data. */
  again?: Server | null;
}

/** Resolves when the server listens. */
export async function startServer(
  context: ScenarioContext,
  { id = "server", args = [], environment = {}, network = null, core, again = null }: ServerOptions = {},
): Promise<Server> {
  const host = again?.host ?? network?.address ?? HOST;
  const port = again?.port ?? (await context.freePort(2));
  const data = join(context.directory, id === "server" ? "data" : `data-${id}`);
  const certs = join(context.directory, "certs");
  const command = ["node", programs.server, `${port}`, ...options({ host, data, certs }), ...args];
  const program = await context.start({
    id,
    command: network ? network.command(command) : core === undefined ? command : pinned(core, command),
    environment,
    events: serverEvents,
    logFile: join(data, "log.txt"),
  });
  await program.sees(/^Listening on /);
  return { program, host, port };
}

interface ClientOptions {
  /** Further arguments. */
  args?: string[];
  /** The server's address; by default this machine's. */
  host?: string;
  /** The network it runs in; by default this machine's. */
  network?: IsolatedNetwork | null;
}

/** Resolves when the client is connected. The same id stands for the same computer, with its state. */
export async function startClient(
  context: ScenarioContext,
  id: string,
  port: number,
  { args = [], host = HOST, network = null }: ClientOptions = {},
): Promise<Program> {
  const state = join(context.directory, `state-${id}`);
  const command = ["node", programs.client, host, `${port}`, ...options({ state, lang: "en" }), ...args];
  const client = await context.start({
    id,
    command: network ? network.command(command) : command,
    events: clientEvents(id),
    series: clientSeries,
  });
  await client.sees(/^Connected to /);
  return client;
}

/** Many clients in one process. */
export function startBots(
  context: ScenarioContext,
  servers: Server | readonly Server[],
  args: string[],
): Promise<Program> {
  const addresses = [servers].flat().map(({ host, port }) => `${host}:${port}`);
  return context.start({
    id: "bots",
    command: ["node", programs.bots, "--server", addresses.join(","), ...args],
    events: botsEvents,
  });
}

/** A new account, and its first login. */
export async function signUp(client: Program, user: string): Promise<void> {
  const password = `${user}-secret`;
  client.type(`adduser ${user} ${password}`);
  await client.sees(/^User '\S+' created/);
  client.type(`login ${user} ${password}`);
  await client.sees(/^Logged in as /);
}

/** Leaves by typing `exit`. */
export async function leave(client: Program): Promise<void> {
  client.type("exit");
  await client.ended();
}
