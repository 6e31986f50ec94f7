// The checks of how a run went: pure functions of a RunResult, each of which reports the measured value, the limit and
// what to do about a failure.
import { endedAsIntended, endsOf, livesOf } from "../result/restarts.ts";
import { type MeasuredProcess, type RunResult, runResultSchema, type Verdict } from "../result/result.ts";
import { standingOf, type TimingMode } from "../result/verdict.ts";
import type { Check } from "../scenario/scenario.ts";
import { errorLine } from "../scenario/step-failure.ts";
import { maximum, sum } from "../statistics/totals.ts";
import { counted, rounded } from "../text/quantities.ts";

const MEGABYTE = 1e6;
const verdictSchema = runResultSchema.shape.checks.element;

/** Returns the result with its verdicts; one failed check fails the run. */
export function judge(
  result: RunResult,
  checks: readonly Check[],
  timing: TimingMode = "enforce",
): RunResult {
  const verdicts = checks.map((check, index) => {
    const verdict = verdictOf(check, index, result);
    const isOnlyTold = timing === "warn" && verdict.isTiming === true && !verdict.passed;
    return isOnlyTold ? { ...verdict, isOnlyTold } : verdict;
  });
  const status = verdicts.some((verdict) => standingOf(verdict) === "failed") ? "failed" : result.status;
  return { ...result, status, checks: verdicts };
}

/** A check that throws or returns no verdict has failed; the run and the other checks are not lost. */
function verdictOf(check: Check, index: number, result: RunResult): Verdict {
  const name = `check ${index + 1}${check.name ? `, ${check.name}` : ""}`;
  const broken = { name, passed: false, limit: "a verdict", unit: "" };
  try {
    const verdict: unknown = check(result);
    const parsed = verdictSchema.safeParse(verdict);
    if (parsed.success) return verdict as Verdict;
    const wrong = parsed.error.issues.map(({ path, message }) =>
      `${path.join(".")}: ${message}`.replace(/^: /, ""),
    );
    const advice = `Return { name, passed, value, limit, unit, advice }. ${wrong.join("; ")}.`;
    const value = verdict instanceof Promise ? "a promise, and checks are not asynchronous" : "no verdict";
    return { ...broken, value, advice };
  } catch (thrown) {
    return { ...broken, value: "it threw an error", advice: errorLine(thrown) };
  }
}

/** Marks a check of a time limit, which a slow or busy machine alone can fail. */
export function timing(check: Check): Check {
  return (result) => ({ ...check(result), isTiming: true });
}

/**
 * The process ended with exit code 0 and did not have to be killed, in each of its lives if it was restarted. A process
 * that the scenario itself killed ended as intended.
 */
export function exitedCleanly(processId: string): Check {
  return (result) => {
    const process = result.processes.find(({ id }) => id === processId);
    return {
      name: `exit code of ${processId}`,
      passed: process !== undefined && livesOf(process).every(endedAsIntended),
      value: process ? endSeen(process) : "never started",
      limit: 0,
      unit: "",
      advice: `Look at the last output of ${processId}, and whether it ends in time after SIGTERM.`,
    };
  };
}

function endSeen(process: MeasuredProcess): string | number {
  const { earlierLives, signal, exitCode } = process;
  return earlierLives ? endsOf(process) : (signal ?? exitCode ?? "still running");
}

/** The event happened exactly `times` times, in all processes together or in the given one. */
export function eventHappened(name: string, times: number, processId?: string): Check {
  return (result) => {
    const happened = result.events.filter(
      (event) => event.name === name && (processId === undefined || event.processId === processId),
    ).length;
    return {
      name: processId ? `${name} of ${processId}` : name,
      passed: happened === times,
      value: happened,
      limit: times,
      unit: happened === 1 ? "time" : "times",
      advice: "Compare the programs' output with the patterns of the scenario's events.",
    };
  };
}

/** The event happened soon after the start or the end of the outage. The first outage counts. */
export function eventAfterOutage(
  name: string,
  processId: string,
  { of, withinMs }: { of: "start" | "end"; withinMs: number },
): Check {
  return (result) => {
    const outage = result.outages?.[0];
    const fromMs = (of === "start" ? outage?.startMs : outage?.endMs) ?? Number.POSITIVE_INFINITY;
    const event = result.events.find(
      (candidate) =>
        candidate.name === name && candidate.processId === processId && candidate.timeMs >= fromMs,
    );
    return {
      name: `${name} of ${processId} after the ${of} of the outage`,
      passed: event !== undefined && event.timeMs - fromMs <= withinMs,
      value: event ? Math.round(event.timeMs - fromMs) : "never",
      limit: withinMs,
      unit: "ms",
      advice: "Look at the process's events in summary.md around the outage.",
      // A busy machine makes events late; it does not keep them from happening.
      isTiming: event !== undefined,
    };
  };
}

/** Exactly `times` connections of that flow were made between measured processes. */
export function connectionsMade(flow: string, times: number): Check {
  return (result) => {
    const made = result.connections.filter((connection) => connection.flow === flow).length;
    return {
      name: `connections of flow ${flow}`,
      passed: made === times,
      value: made,
      limit: times,
      unit: made === 1 ? "connection" : "connections",
      advice: "Too many: a program reconnects. Too few: the rule of the flow does not match.",
    };
  };
}

/** On every connection that ended in order, each end counted the same bytes. */
export function noResiduals(): Check {
  return (result) => {
    const residualBytes = sum(
      result.connections
        .filter(({ end }) => end === "fin")
        .flatMap(({ dialerToAcceptor, acceptorToDialer }) => [dialerToAcceptor, acceptorToDialer])
        .map((direction) => Math.abs(direction.residualBytes ?? 0)),
    );
    return {
      name: "written = read on every connection",
      passed: residualBytes === 0,
      value: residualBytes,
      limit: 0,
      unit: "bytes",
      advice: "A connection lost bytes, or a probe missed some: see residualBytes in result.json.",
    };
  };
}

/** On every connection that ended in order, its fault proxy counted the same bytes as the probes at its ends. */
export function proxiesAgree(): Check {
  return (result) => {
    const relayed = result.connections.filter(({ end, proxy }) => end === "fin" && proxy !== undefined);
    const differenceBytes = sum(
      relayed
        .flatMap(({ proxy, ...ends }) => [
          [ends.dialerToAcceptor, proxy!.dialerToAcceptor] as const,
          [ends.acceptorToDialer, proxy!.acceptorToDialer] as const,
        ])
        .map(([{ writtenBytes, readBytes }, { receivedBytes, sentBytes }]) => {
          const written = writtenBytes ?? receivedBytes;
          const read = readBytes ?? sentBytes;
          return Math.abs(written - receivedBytes) + Math.abs(read - sentBytes);
        }),
    );
    return {
      name: `probes = proxy on ${counted(relayed.length, "connection", "connections")} through it`,
      passed: relayed.length > 0 && differenceBytes === 0,
      value: relayed.length > 0 ? differenceBytes : "no such connection",
      limit: 0,
      unit: "bytes",
      advice: "A probe or the proxy missed bytes: compare their counts in `connections` of result.json.",
    };
  };
}

/** No text in the report, printed or sent, matches the pattern of a secret. */
export function neverShows(what: string, pattern: RegExp): Check {
  return (result) => {
    const flags = pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`;
    const shown = JSON.stringify(result).match(new RegExp(pattern.source, flags))?.length ?? 0;
    return {
      name: `${what} in the report`,
      passed: shown === 0,
      value: shown,
      limit: 0,
      unit: "",
      advice:
        "Find it in result.json; if it is in a conversation, give the scenario's messages a mask for it.",
    };
  };
}

/** The highest resident memory, children included. */
export function rssBelowMb(processId: string, limitMb: number): Check {
  return (result) => {
    const samples = samplesOf(result, processId);
    const highestBytes = maximum(samples.map(({ rssBytes }) => rssBytes));
    return {
      name: `memory of ${processId}`,
      passed: highestBytes > 0 && highestBytes < limitMb * MEGABYTE,
      value: rounded(highestBytes / MEGABYTE),
      limit: limitMb,
      unit: "MB",
      advice: "Run with --heap-prof, or take a heap snapshot at the end of the run and look for what grows.",
    };
  };
}

function samplesOf(result: RunResult, processId: string) {
  return result.processes.find(({ id }) => id === processId)?.samples ?? [];
}
