// What the scenarios of this project share: how its programs are started, how its connections are told apart, and
// which printed lines are moments of a run.
import { join } from "node:path";
import type { EventPattern, Flow, Program, ScenarioContext } from "../harness/scenario.ts";

const HOST = "127.0.0.1";
const compiled = join(import.meta.dirname, "..", "src");

/** In the order in which the rules are tried: the first that fits names the flow. */
export const flows: Flow[] = [
  { name: "tls", label: "TLS (accounts)", isTls: true },
  { name: "heartbeat", label: "heartbeat", firstLine: /^heartbeat;/ },
  { name: "moves", label: "moves (P2P)", firstLine: /^join;game;/ },
  { name: "delay", label: "delay (P2P)", firstLine: /^join;ping;/ },
  { name: "control", label: "control", firstLine: /^secport;/ },
];

export const serverEvents: EventPattern[] = [
  { match: /^Listening on \S+ port \d+/, name: "listening", label: "listening" },
];

/** Each thing that happens is told once: what one player does to another, by the one who does it. */
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
    { match: /^Logged out/, name: "logout", label: "logout" },
    { match: /^Goodbye/, name: "goodbye", label: "goodbye" },
  ];
}

export interface Server {
  program: Program;
  port: number;
}

/** Resolves when it listens. */
export async function startServer(context: ScenarioContext): Promise<Server> {
  const port = await context.freePort(2);
  const data = join(context.directory, "data");
  const certs = join(context.directory, "certs");
  const program = await context.start({
    id: "server",
    command: [
      ...["node", join(compiled, "server", "main.js"), `${port}`, "--host", HOST],
      ...["--data", data, "--certs", certs],
    ],
    events: serverEvents,
  });
  await program.sees(/^Listening on /);
  return { program, port };
}

/** Resolves when it is connected. */
export async function startClient(context: ScenarioContext, id: string, port: number): Promise<Program> {
  const state = join(context.directory, `state-${id}`);
  const client = await context.start({
    id,
    command: [
      ...["node", join(compiled, "client", "main.js"), HOST, `${port}`],
      ...["--state", state, "--lang", "en"],
    ],
    events: clientEvents(id),
  });
  await client.sees(/^Connected to /);
  return client;
}

/** A new account, and its first login. */
export async function signUp(client: Program, user: string): Promise<void> {
  const password = `${user}-secret`;
  client.type(`adduser ${user} ${password}`);
  await client.sees(/^User '\S+' created/);
  client.type(`login ${user} ${password}`);
  await client.sees(/^Logged in as /);
}

/** Says goodbye as a person does. */
export async function leave(client: Program): Promise<void> {
  client.type("exit");
  await client.ended();
}
