// One client that sends requests at fixed times. A latency counts from the time at which the request was due, so a stalled
// server cannot hide the delay of the requests behind it.
import type { LineConnection } from "./line-connection.ts";

export interface Pace {
  request: string;
  everyMs: number;
  durationMs: number;
}

/** Latencies in milliseconds, in the order in which the requests were due. All answers must have one length. */
export function paced(connection: LineConnection, { request, everyMs, durationMs }: Pace): Promise<number[]> {
  const bytes = Buffer.from(`${request}\n`);
  const total = Math.max(1, Math.floor(durationMs / everyMs));
  const startMs = performance.now();
  const latenciesMs: number[] = [];
  let sent = 0;
  return new Promise((resolve) => {
    connection.listen((received) => {
      for (const byte of received) {
        if (byte === 10) latenciesMs.push(performance.now() - (startMs + latenciesMs.length * everyMs));
      }
      if (latenciesMs.length === total) resolve(latenciesMs);
    });
    const sendDue = () => {
      while (sent < total && startMs + sent * everyMs <= performance.now()) {
        connection.write(bytes);
        sent += 1;
      }
      if (sent < total) setTimeout(sendDue, startMs + sent * everyMs - performance.now());
    };
    sendDue();
  });
}
