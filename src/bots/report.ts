// The report of a crowd's run, as JSON and as tables for people.
import { otherSymbol, type PlayerSymbol } from "../game/board.ts";
import type { CrowdOptions, CrowdState } from "./crowd.ts";
import type { LatencySummary, TimedCommand } from "./latencies.ts";
import type { MatchUnderWay } from "./player.ts";

export interface CrowdReport {
  seed: number;
  clients: { asked: number; connected: number; loggedIn: number; gone: number };
  loginsPerSecond: number;
  /** `done` counts matches whose result both players received; `wrong` those among them whose result differs from the moves. */
  matches: {
    asked: number;
    done: number;
    xWins: number;
    oWins: number;
    draws: number;
    void: number;
    wrong: number;
  };
  matchesPerSecond: number;
  errors: Record<string, number>;
  latencies: Partial<Record<TimedCommand, LatencySummary>>;
  /** The share of a core that the bots used. Near 1, the latencies are the bots' own and not the server's. */
  ownLoad: number;
  durationMs: number;
  isComplete: boolean;
  played: PlayedMatch[];
}

export interface PlayedMatch {
  number: number;
  x: string;
  o: string;
  /** Row and column of each move. */
  moves: string;
  outcome: string;
}

/** What the run cost this process. */
export interface RunCost {
  durationMs: number;
  cpuMs: number;
}

export const latencyNote =
  "Latencies count from the moment a command was due by the seeded schedule, not from when it could be sent; of a heartbeat, how late it came.";

export function reportOf(options: CrowdOptions, state: CrowdState, cost: RunCost): CrowdReport {
  const done = state.closed.filter(({ results }) => results.X && results.O);
  const outcomeCount = (wanted: string) => done.filter((match) => outcomeOf(match) === wanted).length;
  const wrong = done.filter((match) => !isRight(match)).length;
  const { clients, matches, seed } = options;
  const { durationMs } = cost;
  return {
    seed,
    clients: {
      asked: clients,
      connected: state.connectedCount,
      loggedIn: state.loggedInCount,
      gone: state.goneCount,
    },
    loginsPerSecond: perSecond(state.loggedInCount, state.enteringMs),
    matches: {
      asked: matches,
      done: done.length,
      xWins: outcomeCount("X"),
      oWins: outcomeCount("O"),
      draws: outcomeCount("draw"),
      void: outcomeCount("void"),
      wrong,
    },
    matchesPerSecond: perSecond(done.length, durationMs),
    errors: state.tally.errors,
    latencies: state.tally.latencies.summaries(),
    ownLoad: Math.round((cost.cpuMs / durationMs) * 1_000) / 1_000,
    durationMs: Math.round(durationMs),
    isComplete:
      state.loggedInCount === clients && state.goneCount === 0 && done.length === matches && wrong === 0,
    played: done.map(playedOf).sort((one, other) => one.number - other.number),
  };
}

function perSecond(count: number, durationMs: number): number {
  return durationMs > 0 ? Math.round((count / durationMs) * 10_000) / 10 : 0;
}

function outcomeOf({ results }: MatchUnderWay): string {
  if (results.X?.outcome === "WIN" && results.O?.outcome === "LOST") return "X";
  if (results.O?.outcome === "WIN" && results.X?.outcome === "LOST") return "O";
  if (results.X?.outcome === "DRAW" && results.O?.outcome === "DRAW") return "draw";
  return results.X?.outcome === "VOID" && results.O?.outcome === "VOID" ? "void" : "contradiction";
}

/** The server gave both players the result that their moves imply. */
function isRight(match: MatchUnderWay): boolean {
  const { winner } = match.plan;
  if (outcomeOf(match) !== (winner ?? "draw")) return false;
  const pointsOf = (symbol: PlayerSymbol) => match.results[symbol]?.points;
  return winner
    ? pointsOf(winner) === 2 && pointsOf(otherSymbol(winner)) === 0
    : pointsOf("X") === 1 && pointsOf("O") === 1;
}

function playedOf(match: MatchUnderWay): PlayedMatch {
  const { number, moves } = match.plan;
  const { X, O } = match.names;
  return {
    number,
    x: X,
    o: O,
    moves: moves.map(({ row, column }) => `${row}${column}`).join(" "),
    outcome: outcomeOf(match),
  };
}

export function tableOf(report: CrowdReport): string {
  const { clients, matches } = report;
  const counts: [string, string][] = [
    ["clients connected", `${clients.connected} of ${clients.asked}`],
    ["clients logged in", `${clients.loggedIn} of ${clients.asked}, ${report.loginsPerSecond} logins/s`],
    ["clients that had to stop", String(clients.gone)],
    ["matches done", `${matches.done} of ${matches.asked}, ${report.matchesPerSecond} matches/s`],
    ["X won / O won / draw", `${matches.xWins} / ${matches.oWins} / ${matches.draws}`],
    ["void / wrong", `${matches.void} / ${matches.wrong}`],
    ["own load", `${(report.ownLoad * 100).toFixed(0)} % of a core`],
  ];
  const errors = Object.entries(report.errors).map(([code, count]) => [code, String(count)]);
  const latencies = Object.entries(report.latencies).map(([command, { count, p50Ms, p99Ms, maxMs }]) => [
    command,
    String(count),
    ...[p50Ms, p99Ms, maxMs].map((ms) => ms.toFixed(2)),
  ]);
  return [
    aligned(counts),
    errors.length === 0 ? "No errors" : aligned([["errors", ""], ...errors]),
    aligned([["latency (ms)", "count", "p50", "p99", "max"], ...latencies]),
    latencyNote,
  ].join("\n\n");
}

/** Columns as wide as their widest cell; all but the first to the right, when there are more than two. */
export function aligned(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || row.length === 2 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}
