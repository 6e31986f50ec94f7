// Preloaded with NODE_OPTIONS=--require into a measured Node process and each of its worker threads: counts the bytes
// of each of its TCP sockets and reports them. The process must not notice the probe: it prints nothing, keeps nothing
// alive and slows nothing down, but it ends the process when the harness is gone. `--import` would load the module
// loader, which treats some programs differently, and would leave out worker threads.
import { isMainThread, threadId } from "node:worker_threads";
import { LONGEST_TIMER_MS } from "../time/timers.ts";
import { openChannel } from "./channel.ts";
import { clearInterval, kill, rmSync, setImmediate, setInterval } from "./kept-functions.ts";
import { watchLoop } from "./loop-watch.ts";
import { PROBE_VARIABLES, type ProbeMessage } from "./message.ts";
import type { PayloadFormat } from "./payload-tally.ts";
import { watchEnd } from "./process-end.ts";
import { SocketBook } from "./socket-book.ts";
import { tapReads } from "./tap-payload.ts";
import { tapHandles, tapSockets } from "./taps.ts";
import { atWork, workTimeMs } from "./work-time.ts";

/** The range of socket numbers of one thread. */
const NUMBERS_OF_A_THREAD = 1e9;

/** Node's test runner passes options on both by the command line and by the environment. */
const LOADED = Symbol.for("fiel.probe");

const path = process.env[PROBE_VARIABLES.channel];
if (path !== undefined && !(LOADED in process)) {
  Object.defineProperty(process, LOADED, { value: true });
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
  let unreported: ProbeMessage[] = [{ kind: "hello", processId, pid: process.pid, threadId }];
  let isTurnOver = true;
  let timer: NodeJS.Timeout | undefined;

  const channel = openChannel(path, {
    flushRequested() {
      atWork(() => report(book.sample()));
      report([{ kind: "flushed" }]);
    },
    lost() {
      try {
        for (const leftover of leftovers) rmSync(leftover, { recursive: true, force: true });
      } finally {
        kill(process.pid, "SIGKILL");
      }
    },
  });
  const book = new SocketBook(
    (message) => {
      unreported.push(message);
      timer ??= setInterval(() => atWork(sample), Math.min(intervalMs, LONGEST_TIMER_MS)).unref();
      if (!isTurnOver) return;
      isTurnOver = false;
      setImmediate(() => {
        isTurnOver = true;
        atWork(() => report([]));
      }).unref();
    },
    threadId * NUMBERS_OF_A_THREAD,
    format,
  );
  tapHandles(book);
  tapSockets(book);
  if (format) tapReads(book);

  function report(more: ProbeMessage[]): void {
    const messages = unreported.concat(more);
    unreported = [];
    if (messages.length > 0) channel.send([...messages, { kind: "worked", ms: workTimeMs() }]);
  }

  function sample(): void {
    // Counters are cumulative, so the next sample makes up for one that is left out.
    if (!channel.isBehind) report(book.sample());
    if (book.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  // A busy event loop is normal in a worker thread.
  if (isMainThread)
    watchLoop(intervalMs, (message) => {
      if (channel.isBehind) return false;
      report([message]);
      return true;
    });
  watchEnd({
    ends() {
      atWork(() => report(book.finish()));
      channel.drain();
    },
    mayEnd() {
      atWork(() => report(book.sample()));
      channel.drain();
    },
    threadStarted(threadId) {
      report([{ kind: "thread", threadId }]);
    },
  });
  report([]);
}
