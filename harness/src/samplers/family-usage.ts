// What a program has used: a process with all that it started. There are two accounts of it: the control group's,
// where the program is in one, and what can be put together from the process tree.

export interface FamilyReading {
  /** Since the program began. Never goes backwards. */
  cpuNs: number;
  rssBytes: number;
  virtualBytes: number;
  /** Those that live. */
  processCount: number;
}

export interface FamilyUsage {
  /** Its processes now. */
  pids(): number[];
  /** Of these processes; null when the program is gone. */
  read(pids: readonly number[]): FamilyReading | null;
  close(): void;
}
