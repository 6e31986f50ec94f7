// A fault proxy in its own process, so that its work neither counts as the harness's nor delays the samplers. It exits
// when the harness does, however the harness ends. Requests and replies travel over the IPC channel, which clones
// patterns.
import { FaultProxy, type FaultProxyOptions } from "./fault-proxy.ts";
import type { Conditions } from "./faults.ts";
import type { Relayed } from "./relayed-connection.ts";

export type ProxyRequest =
  | { kind: "listen"; options: FaultProxyOptions }
  | { kind: "change"; change: Partial<Conditions>; firstLine: RegExp | undefined }
  | { kind: "heal" }
  | { kind: "cut" | "close"; firstLine: RegExp | undefined }
  | { kind: "report" };

/** Replies come in the order of the requests. */
export type ProxyReply =
  | { kind: "done" }
  | { kind: "listening"; port: number }
  | { kind: "report"; relayed: Relayed[] }
  | { kind: "failed"; message: string };

let proxy: FaultProxy | undefined;

async function handle(request: ProxyRequest): Promise<ProxyReply> {
  if (request.kind === "listen") {
    proxy = await FaultProxy.listen(request.options);
    return { kind: "listening", port: proxy.port };
  }
  if (request.kind === "report") return { kind: "report", relayed: proxy?.relayed() ?? [] };
  if (request.kind === "change") proxy?.change(request.change, request.firstLine);
  if (request.kind === "heal") proxy?.heal();
  if (request.kind === "cut") proxy?.cut(request.firstLine);
  if (request.kind === "close") proxy?.close(request.firstLine);
  return { kind: "done" };
}

// Ctrl-C in a terminal reaches the whole foreground group; the harness decides when the run is over.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.on("disconnect", () => process.exit(0));
process.on("message", async (request: ProxyRequest) => {
  const reply = await handle(request).catch(
    (error: Error): ProxyReply => ({ kind: "failed", message: error.message }),
  );
  process.send?.(reply);
});
