// The faults of a simulated run and their times, drawn from the seed before the run begins.
import type { Chance } from "../../src/shared/chance/chance.ts";

export type Fault =
  | { kind: "server-killed"; when: KillMoment; downMs: number; isMachineLost: boolean }
  | { kind: "server-stopped"; downMs: number }
  | { kind: "server-frozen"; forMs: number }
  | { kind: "server-disk-full"; forMs: number }
  | { kind: "client-killed"; client: number; when: KillMoment; downMs: number; isMachineLost: boolean }
  | { kind: "client-frozen"; client: number; forMs: number }
  | { kind: "client-disk-full"; client: number; forMs: number }
  /** `other`: the second machine, null for the server. */
  | { kind: "route-blocked"; client: number; other: number | null; forMs: number }
  | { kind: "connection-cut"; client: number; which: number }
  /** The server's next answer is lost, together with its connection. */
  | { kind: "answer-lost"; client: number }
  | { kind: "network-slow"; factor: number; forMs: number };

/** At once, or just before or just after the next write to disk. */
export type KillMoment = "now" | "before-write" | "after-write";

export interface PlannedFault {
  atMs: number;
  fault: Fault;
}

const MAX_FAULTS = 10;
const moments: readonly KillMoment[] = ["now", "before-write", "after-write"];

export function planFaults(chance: Chance, clientCount: number, durationMs: number): PlannedFault[] {
  const { fraction } = chance;
  const below = (count: number) => Math.floor(fraction() * count);
  // Mostly short, sometimes longer than any timeout.
  const outageMs = () => 200 + (fraction() < 0.05 ? fraction() * 240_000 : fraction() ** 2 * 60_000);
  const makers: (() => Fault)[] = [
    () => ({
      kind: "server-killed",
      when: moments[below(3)] ?? "now",
      downMs: outageMs(),
      isMachineLost: fraction() < 0.2,
    }),
    () => ({ kind: "server-stopped", downMs: outageMs() }),
    () => ({ kind: "server-frozen", forMs: outageMs() }),
    () => ({ kind: "server-disk-full", forMs: outageMs() / 4 }),
    () => ({
      kind: "client-killed",
      client: below(clientCount),
      when: moments[below(3)] ?? "now",
      downMs: outageMs(),
      isMachineLost: fraction() < 0.2,
    }),
    () => ({ kind: "client-frozen", client: below(clientCount), forMs: outageMs() }),
    () => ({ kind: "client-disk-full", client: below(clientCount), forMs: outageMs() / 4 }),
    () => {
      const client = below(clientCount);
      const other = below(clientCount);
      return { kind: "route-blocked", client, other: other === client ? null : other, forMs: outageMs() };
    },
    () => ({ kind: "connection-cut", client: below(clientCount), which: below(100) }),
    () => ({ kind: "answer-lost", client: below(clientCount) }),
    () => ({ kind: "network-slow", factor: 2 + fraction() * 30, forMs: outageMs() / 4 }),
  ];
  // Each run has a few kinds of faults of its own: this produces combinations that an even mix would hardly ever give.
  const usual = makers.filter(() => fraction() < 0.4);
  const kinds = usual.length > 0 ? usual : makers;
  const faults = Array.from({ length: below(MAX_FAULTS + 1) }, () => ({
    atMs: fraction() * durationMs,
    fault: (kinds[below(kinds.length)] as () => Fault)(),
  }));
  return faults.sort((one, other) => one.atMs - other.atMs);
}

export function described({ kind, ...details }: Fault): string {
  return [kind, ...Object.entries(details).map(([key, value]) => `${key} ${value}`)].join(", ");
}
