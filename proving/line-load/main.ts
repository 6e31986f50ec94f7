// A load for servers that speak in lines, whatever the lines mean. Each line it is given is one job as JSON; it answers
// each with a line that begins with `done` and holds what it measured, as JSON.
import { createInterface } from "node:readline";
import { LineConnection, type LineServer } from "./line-connection.ts";
import { type Pace, paced } from "./paced.ts";
import { type Saturation, saturate } from "./saturate.ts";

type Job = { server: LineServer; connections: number } & (
  | ({ kind: "saturate" } & Saturation)
  | ({ kind: "paced" } & Pace)
);

const open = new Map<string, LineConnection[]>();

/** Those of a server stay open from job to job. */
async function connectionsTo(server: LineServer, count: number): Promise<LineConnection[]> {
  const address = `${server.host}:${server.port}`;
  const connections = (open.get(address) ?? []).filter(({ isOpen }) => isOpen);
  while (connections.length < count) connections.push(await LineConnection.open(server));
  open.set(address, connections);
  return connections.slice(0, count);
}

async function perform(job: Job): Promise<unknown> {
  const connections = await connectionsTo(job.server, job.connections);
  return job.kind === "saturate"
    ? saturate(connections, job)
    : { latenciesMs: await paced(connections[0]!, job) };
}

process.on("SIGTERM", () => process.exit(0));
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  console.log(`done ${JSON.stringify(await perform(JSON.parse(line) as Job))}`);
}
