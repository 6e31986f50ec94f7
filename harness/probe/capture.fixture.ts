// What really crossed the loopback device, as tshark saw it: the judge of every counter. Decides as well what becomes
// of a test where capturing is not possible: skipped with one line that says why, but a failure where CI is set.
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { onTestFinished, type TestContext } from "vitest";

const FIELDS = ["tcp.stream", "tcp.srcport", "tcp.dstport", "tcp.seq", "tcp.len"];
/** A buffer that a burst cannot overflow: the kernel drops what does not fit. */
const BUFFER_MB = "64";
const KNOCK_EVERY_MS = 100;

export interface Capture {
  /** Ends the capture once everything sent until now is in it. */
  stop(): Promise<CapturedConnection[]>;
}

export interface CapturedConnection {
  dialerPort: number;
  acceptorPort: number;
  dialerToAcceptorBytes: number;
  acceptorToDialerBytes: number;
}

/** Payload by its place in the stream. */
interface Segment {
  fromPort: number;
  toPort: number;
  start: number;
  end: number;
}

/** Captures all TCP traffic of the ports; when this resolves, nothing that is sent from now on is missed. */
export async function startCapture(context: TestContext, ports: number[]): Promise<Capture> {
  const marker = createServer((socket) => socket.end().resume()).listen(0, "127.0.0.1");
  await once(marker, "listening");
  const markerPort = (marker.address() as AddressInfo).port;
  const filter = [...ports, markerPort].map((port) => `tcp port ${port}`).join(" or ");
  const fields = FIELDS.flatMap((field) => ["-e", field]);
  const tshark = spawn("tshark", [
    "-i",
    "lo",
    "-B",
    BUFFER_MB,
    "-n",
    "-l",
    "-f",
    filter,
    "-T",
    "fields",
    ...fields,
  ]);
  onTestFinished(() => {
    marker.close();
    tshark.kill("SIGINT");
  });

  let complaints = "";
  tshark.stderr.on("data", (text) => {
    complaints += text;
  });
  const failed = new Promise<string>((resolve) => {
    tshark.once("error", (error) => resolve(`tshark does not start: ${error.message}`));
    tshark.once("close", () =>
      resolve(`tshark cannot capture: ${complaints.match(/permission.*/)?.[0] ?? complaints}`),
    );
  });

  const streams = new Map<number, Segment[]>();
  const arrivals = new EventEmitter();
  createInterface({ input: tshark.stdout }).on("line", (line) => {
    const fields = line.split("\t").map(Number) as [number, number, number, number, number];
    const [stream, fromPort, toPort, start, length] = fields;
    // A pair of ports can be used again within a second; each use is a stream of its own.
    if (!streams.has(stream)) streams.set(stream, []);
    streams.get(stream)!.push({ fromPort, toPort, start, end: start + length });
    arrivals.emit(String(fromPort));
  });

  /** Makes traffic that only this capture looks for; tells the port it came from. */
  async function knock(): Promise<number> {
    const knocker = connect(markerPort, "127.0.0.1").resume();
    await once(knocker, "connect");
    return knocker.localPort!;
  }

  // Until tshark listens, knocks go unheard.
  const heard = once(arrivals, String(markerPort));
  const knocking = setInterval(() => knock().catch(() => {}), KNOCK_EVERY_MS);
  const problem = await Promise.race([heard, failed]).finally(() => clearInterval(knocking));
  if (typeof problem === "string") refuse(context, problem);

  return {
    async stop() {
      // The end of this one comes after everything before it.
      await once(arrivals, String(await knock()));
      tshark.kill("SIGINT");
      await failed;
      return [...streams.values()]
        .map(toConnection)
        .filter(({ acceptorPort }) => acceptorPort !== markerPort);
    },
  };
}

function toConnection(segments: Segment[]): CapturedConnection {
  // The first one asks for the connection.
  const { fromPort: dialerPort, toPort: acceptorPort } = segments[0]!;
  const isFromDialer = (segment: Segment) => segment.fromPort === dialerPort;
  return {
    dialerPort,
    acceptorPort,
    dialerToAcceptorBytes: bytesOnce(segments.filter(isFromDialer)),
    acceptorToDialerBytes: bytesOnce(segments.filter((segment) => !isFromDialer(segment))),
  };
}

/** The sum of the segments' lengths, but what was sent again, perhaps cut differently, counts once. */
function bytesOnce(segments: Segment[]): number {
  let bytes = 0;
  let seenUntil = 0;
  for (const { start, end } of segments.toSorted((a, b) => a.start - b.start)) {
    bytes += Math.max(0, end - Math.max(start, seenUntil));
    seenUntil = Math.max(seenUntil, end);
  }
  return bytes;
}

function refuse(context: TestContext, reason: string): never {
  if (process.env.CI) throw new Error(reason);
  console.warn(`skipped: ${context.task.name}: ${reason.trim()}`);
  return context.skip(reason);
}
