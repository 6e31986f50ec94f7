// The harness's end of the probes: one Unix socket for all measured processes, which gives one record for each TCP
// socket.
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { makeTemporaryFolder } from "../leftovers/temporary-folder.ts";
import { builtFile } from "../own-package.ts";
import type { LoopDelay } from "../result/result.ts";
import type { MessageFormat } from "../scenario/scenario.ts";
import { type ByteTotals, PROBE_SOCKET, type Witness } from "../witness/witness.ts";
import { monotonicMs, PROBE_VARIABLES } from "./message.ts";
import type { PayloadFormat } from "./payload-tally.ts";
import type { ProbedProcess } from "./probed-process.ts";
import { ReceivingChannel } from "./receiving-channel.ts";

/** The longest path of a Unix socket without the terminating zero: 103 on macOS, 107 on Linux. */
const MAX_SOCKET_PATH_BYTES = 103;
/** For a process that is stopped or busy for longer, the counts so far are used. */
const FLUSH_WITHIN_MS = 1_000;

const MAIN_THREAD = 0;
/** The time that a process or worker thread may take from its start to the first message of its probe. */
const HELLO_WITHIN_MS = 500;

const loadsProbe = `--require=${quotedOption(builtFile("probe.cjs"))}`;

export interface ProbeReceiverOptions {
  /** The folder of the Unix socket, unless its path would be too long. */
  directory: string;
  /** Milliseconds since the run began. */
  nowMs: () => number;
  /** How often probes read the counters; sockets that open and close in between are reported anyway. */
  intervalMs: number;
  /** Files and folders that a probed process deletes before it ends because the harness was killed. */
  leftovers?: string[];
  /** The format of messages; if given, payload is counted by message type. */
  messages?: MessageFormat | undefined;
  /** Whether messages are also kept, masked. */
  keepsMessages?: boolean;
}

/** A program that is about to start with the probe. */
export interface ProbedStart {
  id: string;
  /** Its own options, to which the probe is added; undefined for those of this process. */
  nodeOptions?: string | undefined;
  /** It runs on Node, so a missing report is noticed. */
  isNode: boolean;
}

/** `finish` resolves when all reports have arrived; the sockets of running processes are then `open`. */
export interface ProbeReceiver extends Omit<Witness, "watch"> {
  /** The environment with which such a program must be started. */
  environmentFor(start: ProbedStart): Record<string, string>;
  /** No probe has reported from this process or one of its threads, although it had the time to. */
  isSilent(pid: number): boolean;
  /** How long each process has worked for its probe so far, in milliseconds by process id. */
  workTimesMs(): Map<string, number>;
  /** The event-loop delays by process id, children included. */
  loopDelays(): Map<string, LoopDelay[]>;
  /** Also ends the probed processes that still run. */
  close(): Promise<void>;
}

export async function startProbeReceiver(options: ProbeReceiverOptions): Promise<ProbeReceiver> {
  const originMs = monotonicMs() - options.nowMs();
  const place = await placeSocket(options.directory);
  const channels = new Set<ReceivingChannel>();
  const processes: ProbedProcess[] = [];
  const expectedIds = new Set<string>();
  const firstAskedMs = new Map<number, number>();

  const server = createServer((socket) => {
    const channel = new ReceivingChannel(socket, originMs, (process) => processes.push(process));
    channels.add(channel);
    socket.on("close", () => channels.delete(channel));
  });
  server.listen(place.path);
  await once(server, "listening");

  return {
    environmentFor({ id, nodeOptions = process.env.NODE_OPTIONS, isNode }) {
      if (isNode) expectedIds.add(id);
      return {
        NODE_OPTIONS: [nodeOptions, loadsProbe].filter(Boolean).join(" "),
        [PROBE_VARIABLES.channel]: place.path,
        [PROBE_VARIABLES.processId]: id,
        [PROBE_VARIABLES.intervalMs]: String(options.intervalMs),
        ...payloadFormat(options),
        [PROBE_VARIABLES.leftovers]: JSON.stringify([...(options.leftovers ?? []), place.leftover]),
      };
    },
    isSilent(pid) {
      const its = processes.filter((process) => process.pid === pid);
      const heard = new Set(its.map(({ threadId }) => threadId));
      const awaited = its.flatMap(({ threadsStarted }) => threadsStarted);
      const nowMs = monotonicMs();
      if (!heard.has(MAIN_THREAD)) {
        const sinceMs = firstAskedMs.get(pid) ?? nowMs;
        firstAskedMs.set(pid, sinceMs);
        return nowMs - sinceMs > HELLO_WITHIN_MS;
      }
      return awaited.some(
        ({ threadId, receivedMs }) => !heard.has(threadId) && nowMs - receivedMs > HELLO_WITHIN_MS,
      );
    },
    async look() {},
    losses() {
      const heardIds = new Set(processes.map(({ processId }) => processId));
      return [...expectedIds]
        .filter((id) => !heardIds.has(id))
        .map((id) => ({
          cause: `no probe reported from ${id}: of its bytes only those are known that the kernel counted`,
          remedy:
            "See whether it runs on Node, and whether something removes NODE_OPTIONS from its environment.",
        }));
    },
    totals() {
      const totals = new Map<string, ByteTotals>();
      for (const { processId, totals: own } of processes) {
        const sum = totals.get(processId) ?? { bytesWritten: 0, bytesRead: 0 };
        sum.bytesWritten += own.bytesWritten;
        sum.bytesRead += own.bytesRead;
        totals.set(processId, sum);
      }
      return totals;
    },
    workTimesMs() {
      const times = new Map<string, number>();
      for (const { processId, workTimeMs } of processes) {
        times.set(processId, (times.get(processId) ?? 0) + workTimeMs);
      }
      return times;
    },
    loopDelays() {
      const delays = new Map<string, LoopDelay[]>();
      for (const { processId, loopDelays } of processes) {
        delays.set(processId, [...(delays.get(processId) ?? []), ...loopDelays]);
      }
      return delays;
    },
    async finish() {
      await acceptAllWaiting(place.path);
      await Promise.all([...channels].map((channel) => channel.flush(FLUSH_WITHIN_MS)));
      return processes.flatMap((process) => process.records());
    },
    async close() {
      const isClosed = once(server, "close");
      server.close();
      for (const channel of channels) channel.destroy();
      await isClosed;
      await rm(place.leftover, { recursive: true, force: true });
    },
  };
}

function payloadFormat({ messages, keepsMessages }: ProbeReceiverOptions): Record<string, string> {
  if (!messages) return {};
  const { separator, type, masks = [] } = messages;
  const plain = ({ source, flags }: RegExp) => ({ source, flags });
  const format: PayloadFormat = {
    separator,
    type: plain(type),
    kept: keepsMessages
      ? { masks: masks.map(({ match, becomes }) => ({ ...plain(match), becomes })) }
      : undefined,
  };
  return { [PROBE_VARIABLES.payloadFormat]: JSON.stringify(format) };
}

/** Quotes a path with blanks, quotes or backslashes as NODE_OPTIONS requires. */
function quotedOption(path: string): string {
  return /[\s"\\]/.test(path) ? `"${path.replace(/["\\]/g, "\\$&")}"` : path;
}

async function placeSocket(directory: string): Promise<{ path: string; leftover: string }> {
  const path = join(directory, PROBE_SOCKET);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return { path, leftover: path };
  const shortDirectory = await makeTemporaryFolder("probe");
  return { path: join(shortDirectory, PROBE_SOCKET), leftover: shortDirectory };
}

/** Connections are accepted in order, so that when this one closes, those of ended processes have been accepted. */
async function acceptAllWaiting(path: string): Promise<void> {
  const barrier = connect(path);
  barrier.end().resume();
  await once(barrier, "close");
}
