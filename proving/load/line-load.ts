// A load for servers that answer lines, whatever the lines mean. Connections to a server stay open between jobs.
import { LineConnection, type LineServer } from "./line-connection.ts";
import { type Pace, paced } from "./paced.ts";
import { type Saturation, saturate } from "./saturate.ts";

export type LineJob = { server: LineServer; connections: number } & (
  | ({ kind: "saturate" } & Saturation)
  | ({ kind: "paced" } & Pace)
);

export class LineLoad {
  readonly #open = new Map<string, LineConnection[]>();

  async perform(job: LineJob): Promise<unknown> {
    const connections = await this.#connectionsTo(job.server, job.connections);
    if (job.kind === "saturate") return saturate(connections, job);
    return { latenciesMs: await paced(connections[0]!, job) };
  }

  close(): void {
    for (const connections of this.#open.values()) for (const connection of connections) connection.close();
  }

  async #connectionsTo(server: LineServer, count: number): Promise<LineConnection[]> {
    const address = `${server.host}:${server.port}`;
    const connections = (this.#open.get(address) ?? []).filter(({ isOpen }) => isOpen);
    while (connections.length < count) connections.push(await LineConnection.open(server));
    this.#open.set(address, connections);
    return connections.slice(0, count);
  }
}
