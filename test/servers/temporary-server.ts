// The server inside the test's process, with temporary folders: it starts quickly, and a test can give it another clock.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, type ServerOptions, startServer } from "../../src/server/server.ts";

export async function startTemporaryServer(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), "velha-temporary-"));
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    dataDirectory: join(folder, "data"),
    certsDirectory: join(folder, "certs"),
    heartbeatMs: 10_000,
    minPasswordLength: 8,
    ...options,
  });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  };
  return { ...server, stop };
}
