// Preloaded with NODE_OPTIONS=--import into a measured Node process: counts the bytes of each of its TCP sockets and
// reports them. The process must not notice: nothing is printed, kept alive or slowed; but it ends with its harness.
import { rmSync } from "node:fs";
import { setImmediate, setInterval } from "node:timers";
import { isMainThread } from "node:worker_threads";
import { LONGEST_TIMER_MS } from "../time/timers.ts";
import { openChannel } from "./channel.ts";
import { watchLoop } from "./loop-watch.ts";
import { PROBE_VARIABLES, type ProbeMessage } from "./message.ts";
import type { PayloadFormat } from "./payload-tally.ts";
import { SocketBook } from "./socket-book.ts";
import { tapPayload } from "./tap-payload.ts";
import { tapHandles, tapSockets } from "./taps.ts";
import { atWork, workTimeMs } from "./work-time.ts";

const path = process.env[PROBE_VARIABLES.channel];
if (path !== undefined && isMainThread) {
  startProbe(
    path,
    process.env[PROBE_VARIABLES.processId] ?? "",
    Number(process.env[PROBE_VARIABLES.intervalMs] ?? 100),
    JSON.parse(process.env[PROBE_VARIABLES.leftovers] ?? "[]"),
    JSON.parse(process.env[PROBE_VARIABLES.payloadFormat] ?? "null") ?? undefined,
  );
}

function startProbe(
  path: string,
  processId: string,
  intervalMs: number,
  leftovers: string[],
  format: PayloadFormat | undefined,
): void {
  let unreported: ProbeMessage[] = [{ kind: "hello", processId, pid: process.pid }];
  let isTurnOver = true;
  let timer: NodeJS.Timeout | undefined;

  const channel = openChannel(path, {
    flushRequested() {
      atWork(() => report(book.sample()));
      report([{ kind: "flushed" }]);
    },
    lost() {
      for (const leftover of leftovers) rmSync(leftover, { recursive: true, force: true });
      process.kill(process.pid, "SIGKILL");
    },
  });
  const book = new SocketBook((message) => {
    unreported.push(message);
    timer ??= setInterval(() => atWork(sample), Math.min(intervalMs, LONGEST_TIMER_MS)).unref();
    if (!isTurnOver) return;
    isTurnOver = false;
    setImmediate(() => {
      isTurnOver = true;
      atWork(() => report([]));
    }).unref();
  }, format);
  tapHandles(book);
  tapSockets(book);
  if (format) tapPayload(book);

  function report(more: ProbeMessage[]): void {
    const messages = unreported.concat(more);
    unreported = [];
    if (messages.length > 0) channel.send([...messages, { kind: "worked", ms: workTimeMs() }]);
  }

  function sample(): void {
    // Counters are cumulative: a sample left out is made good by the next.
    if (!channel.isBehind) report(book.sample());
    if (book.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  watchLoop(intervalMs, (message) => {
    if (channel.isBehind) return false;
    report([message]);
    return true;
  });
  process.on("exit", () => {
    atWork(() => report(book.finish()));
    channel.drain();
  });
  report([]);
}
