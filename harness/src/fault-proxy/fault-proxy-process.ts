// A fault proxy in a process of its own, so that its work is not counted as the harness's and does not delay the
// samplers. It ends when the harness does, however that ends.
import { FaultProxy } from "./fault-proxy.ts";
import type { Answer, Order } from "./message.ts";

let proxy: FaultProxy | undefined;

async function obey(order: Order): Promise<Answer> {
  if (order.kind === "listen") {
    proxy = await FaultProxy.listen(order.options);
    return { kind: "listening", port: proxy.port };
  }
  if (order.kind === "report") return { kind: "report", relayed: proxy?.relayed() ?? [] };
  if (order.kind === "change") proxy?.change(order.change, order.firstLine);
  if (order.kind === "heal") proxy?.heal();
  if (order.kind === "cut") proxy?.cut(order.firstLine);
  if (order.kind === "close") proxy?.close(order.firstLine);
  return { kind: "done" };
}

// Ctrl-C in a terminal reaches the whole foreground group; the harness decides when it is over.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.on("disconnect", () => process.exit(0));
process.on("message", async (order: Order) => {
  const answer = await obey(order).catch(
    (error: Error): Answer => ({ kind: "failed", message: error.message }),
  );
  process.send?.(answer);
});
