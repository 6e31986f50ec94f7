// The report of a run: as JSON, and as tables for people. Pure.
import { aligned } from "../../src/bots/report.ts";
import type { Finding } from "./account-check.ts";
import type { RequestKind } from "./history.ts";
import { countRequests, type RequestCount, requestKinds } from "./history-check.ts";
import type { TortureOutcome } from "./torture.ts";

export interface TortureReport {
  seed: number;
  clients: number;
  existingAccounts: number;
  kills: TortureOutcome["kills"];
  durationMs: number;
  requests: Record<RequestKind, RequestCount>;
  accounts: number;
  matches: { settled: number; open: number; withoutTicketSeen: number; settledUnheard: number };
  points: number;
  startMs: { p50: number; max: number };
  errors: Record<string, number>;
  exitCode: number | null;
  findings: readonly Finding[];
  isRight: boolean;
}

const MAX_FINDINGS_SHOWN = 20;

export function reportOf(
  { seed, clients, existingAccounts }: { seed: number; clients: number; existingAccounts: number },
  outcome: TortureOutcome,
  startsMs: readonly number[],
): TortureReport {
  const { history, store, findings, kills, errors, exitCode, durationMs, settledUnheardCount } = outcome;
  const settled = store.matches.filter((match) => match.outcome !== null).length;
  const starts = startsMs.toSorted((one, other) => one - other);
  return {
    seed,
    clients,
    existingAccounts,
    kills,
    durationMs: Math.round(durationMs),
    requests: countRequests(history),
    accounts: store.accounts.length,
    matches: {
      settled,
      open: store.matches.length - settled,
      settledUnheard: settledUnheardCount,
      withoutTicketSeen: store.matches.filter(({ matchId }) => !history.tickets.has(matchId)).length,
    },
    points: store.accounts.reduce((sum, { points }) => sum + points, 0),
    startMs: { p50: Math.round(starts[starts.length >> 1] ?? 0), max: Math.round(starts.at(-1) ?? 0) },
    errors,
    exitCode,
    findings,
    isRight: findings.length === 0 && exitCode === 0,
  };
}

export function tableOf(report: TortureReport): string {
  const { kills, requests, matches, findings, startMs } = report;
  const killCount = Object.values(kills).reduce((sum, count) => sum + count, 0);
  const byTrigger = Object.entries(kills).map(([trigger, count]) => `${count} ${trigger}`);
  const count = (kind: Finding["kind"]) => String(findings.filter((each) => each.kind === kind).length);
  const facts = [
    ["kills", `${killCount} in ${(report.durationMs / 1_000).toFixed(1)} s: ${byTrigger.join(", ")}`],
    ["start to listening", `p50 ${startMs.p50} ms, max ${startMs.max} ms`],
    ["accounts", `${report.accounts}, and ${report.existingAccounts} from the beginning`],
    ["matches", `${matches.settled} settled, ${matches.open} open`],
    [
      "killed between commit and acknowledgement",
      `${matches.settledUnheard} outcomes, ${matches.withoutTicketSeen} tickets`,
    ],
    ["points", String(report.points)],
    ["lost", count("lost")],
    ["doubled", count("doubled")],
    ["otherwise wrong", count("false")],
  ];
  const rows = requestKinds.map((kind) => {
    const { acknowledged, refused, unknown } = requests[kind];
    return [kind, ...[acknowledged + refused + unknown, acknowledged, refused, unknown].map(String)];
  });
  const shown = findings.slice(0, MAX_FINDINGS_SHOWN).map(({ kind, what }) => `${kind}: ${what}`);
  const tables = [
    aligned([["request", "sent", "acknowledged", "refused", "unknown"], ...rows]),
    aligned(facts),
  ];
  return [...tables, ...(shown.length > 0 ? [shown.join("\n")] : [])].join("\n\n");
}
