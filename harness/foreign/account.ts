// What somebody else than fiel counted of a program.

/** Whoever counted names only what he knows. */
export interface Figures {
  connections?: number | undefined;
  bytesWritten?: number;
  bytesRead?: number;
  cpuMs?: number;
  /** The tool has no figure for these two: it must say so. */
  udpBytes?: number;
  unixBytes?: number;
}

/** What somebody else counted of the program with the case's id, from that program's point of view. */
export interface Account extends Figures {
  by: string;
}
