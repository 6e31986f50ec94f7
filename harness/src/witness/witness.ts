// What a witness is: a point of view from which the bytes of sockets are counted. The probe sees them from inside a
// program, the kernel from outside. One witness serves a whole run, whatever the number of programs, and is at work
// before the first of them starts: whoever makes one resolves only then.
import type { MeasuredSocket, Warning, WireCount } from "../result/result.ts";
import type { SocketRecord } from "./socket-record.ts";

export interface WatchedProgram {
  readonly id: string;
  readonly pid: number;
  /** Its processes, now: itself and, if they count, its descendants. */
  pids(): readonly number[];
  /** It ran before the witness came: what its sockets carried until then is not counted. */
  readonly isAttached: boolean;
}

/** The name of the Unix socket at which probes report: no traffic of a program's own. */
export const PROBE_SOCKET = "probe.sock";

export interface ByteTotals {
  bytesWritten: number;
  bytesRead: number;
}

/** Counts the sockets of the programs that are assigned to it. */
export interface Witness {
  /** The program runs: its sockets count from now on. Resolves with the reason if they cannot be counted. */
  watch(program: WatchedProgram): Promise<string | null>;
  /** What was carried until now belongs to this moment, e.g. to the phase that ends. */
  look(): Promise<void>;
  /** So far, by program id. */
  totals(): Map<string, ByteTotals>;
  /** All programs have ended, or are left alone: every socket of theirs, after a last look. */
  finish(): Promise<SocketRecord[]>;
  /** What is known to be missing from its figures; complete after `finish`. */
  losses(): Warning[];
  close(): Promise<void>;
}

/** Who sees every socket that the kernel reports, counts some programs' and checks the figures of the others. */
export interface KernelWitness extends Witness, Observer {
  /** What its own processes have used of the CPU so far; null where it is not known. */
  cpuTimeMs(): number | null;
}

/** Sees sockets by their addresses, whoever counts them: a second opinion on a witness's figures. */
export interface Observer {
  /** Where a measured socket keeps what it saw. */
  readonly name: "kernel" | "captured";
  /** When all programs have ended. */
  observe(sockets: readonly SocketEnds[]): Promise<Observation[]>;
}

export type SocketEnds = Pick<MeasuredSocket, "local" | "remote" | "side">;

export interface Observation {
  local: MeasuredSocket["local"];
  remote: MeasuredSocket["remote"];
  count: WireCount;
  /** False if the peer's FIN may be counted in what was read. */
  isReadExact: boolean;
}
