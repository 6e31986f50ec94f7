// What a witness knows of one TCP socket of one process: the wire's bytes, how it ended, and, if it can look inside,
// the first lines and the messages. The ledger names its flow and finds its other end. Times are milliseconds of the run.
import type { MeasuredSocket, SocketSample, WireCount } from "../result/result.ts";

export interface SocketRecord {
  processId: string;
  /** Of the program itself or of one of its children. */
  pid: number;
  /** Unique in the process with that pid, counted from 1. */
  number: number;
  side: MeasuredSocket["side"];
  isTls: boolean;
  local: MeasuredSocket["local"];
  remote: MeasuredSocket["remote"];
  openedAtMs: number;
  closedAtMs: number | null;
  /** As far as this end alone can tell: a `fin` with `sawPeerEnd` false closed first and saw no error. */
  end: MeasuredSocket["end"];
  /** The peer's orderly end was read, so nothing can have come after it. */
  sawPeerEnd: boolean;
  /** What the kernel took; after a reset perhaps also what it refused. */
  bytesWritten: number;
  bytesRead: number;
  samples: SocketSample[];
  /** Empty under TLS, and where the program reads past JavaScript (Node's HTTP server does). */
  firstLinesWritten: string[];
  firstLinesRead: string[];
  /** Only where the scenario says what a message is. */
  messages?: NonNullable<MeasuredSocket["messages"]>;
  /** Only where messages are kept: in the order in which they were said, from the first. */
  said?: { messages: MessageAtEnd[]; droppedCount: number };
  kernel?: WireCount;
  captured?: WireCount;
}

/** A message as one end of its connection saw it. */
export interface MessageAtEnd {
  direction: "written" | "read";
  atMs: number;
  bytes: number;
  /** As the scenario names it; null under TLS. */
  type: string | null;
  /** The beginning, masked, without its separator; null under TLS. */
  text: string | null;
}
