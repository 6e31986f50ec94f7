// Sends as many requests as a server can answer, on several connections with several requests under way on each.
import { setTimeout as delay } from "node:timers/promises";
import { cpuTimeMs } from "fiel";
import type { LineConnection } from "./line-connection.ts";

export interface Saturation {
  request: string;
  /** Requests under way on each connection. */
  pipelined: number;
  durationMs: number;
  /** The server's process, to read its CPU time. */
  pid: number;
}

export interface Saturated {
  requestsPerSecond: number;
  /** Requests per second of the server's CPU time, which other load on the machine affects less. Null where unknown. */
  requestsPerCpuSecond: number | null;
  answerBytes: number;
}

/** All answers must have the same length: counting bytes costs less than counting lines. */
export async function saturate(
  connections: readonly LineConnection[],
  { request, pipelined, durationMs, pid }: Saturation,
): Promise<Saturated> {
  const requests = Buffer.from(`${request}\n`.repeat(pipelined));
  const requestBytes = requests.length / pipelined;
  const answerBytes = await firstAnswer(connections[0]!, requests.subarray(0, requestBytes));
  let isOver = false;
  let answers = 0;
  const underWay = connections.map(
    (connection) =>
      new Promise<void>((drained) => {
        let countedBytes = 0;
        let waiting = pipelined;
        connection.listen((bytes) => {
          countedBytes += bytes.length;
          const answered = Math.floor(countedBytes / answerBytes);
          countedBytes -= answered * answerBytes;
          if (isOver) {
            waiting -= answered;
            if (waiting === 0) drained();
          } else if (answered > 0) {
            answers += answered;
            connection.write(requests.subarray(0, answered * requestBytes));
          }
        });
        connection.write(requests);
      }),
  );
  const startMs = performance.now();
  const cpuAtStartMs = cpuTimeMs(pid);
  await delay(durationMs);
  isOver = true;
  const requestsPerSecond = (1_000 * answers) / (performance.now() - startMs);
  const cpuAtEndMs = cpuTimeMs(pid);
  await Promise.all(underWay);
  const isCpuKnown = cpuAtStartMs !== null && cpuAtEndMs !== null && cpuAtEndMs > cpuAtStartMs;
  const requestsPerCpuSecond = isCpuKnown ? (1_000 * answers) / (cpuAtEndMs - cpuAtStartMs) : null;
  return { requestsPerSecond, requestsPerCpuSecond, answerBytes };
}

function firstAnswer(connection: LineConnection, request: Buffer): Promise<number> {
  const answered = connection.nextLine();
  connection.write(request);
  return answered;
}
