// The warnings of a run: what is uncertain, with its cause and a remedy. Terminal, summary, page and result.json show the
// same list. Pure.
import type { RunResult, Warning } from "../result/result.ts";
import { standingOf } from "../result/verdict.ts";
import { sum } from "../statistics/totals.ts";
import { counted, formatPercent } from "../text/quantities.ts";

/** A single missed sample means nothing: every machine is busy for a moment. */
const MAX_MISSED_SHARE = 0.01;

/** Warnings that the result already has come first. Asking again adds none. */
export function warningsOf(result: RunResult): Warning[] {
  const found = [
    ...(result.warnings ?? []),
    ...missedSamples(result),
    ...processesWithoutSample(result),
    ...processesThatLeft(result),
    ...killedPrograms(result),
    ...residuals(result),
    ...captureProblems(result),
    ...droppedMessages(result),
    ...unenforcedLimits(result),
    ...leaks(result),
  ];
  return [...new Map(found.map((warning) => [warning.cause, warning])).values()];
}

function missedSamples({ sampling: { ticksTaken, ticksMissed } }: RunResult): Warning[] {
  const all = ticksTaken + ticksMissed;
  if (ticksMissed <= all * MAX_MISSED_SHARE) return [];
  return [
    {
      cause: `${ticksMissed} of ${all} samples were missed (${formatPercent((100 * ticksMissed) / all)})`,
      remedy: "Run on a machine with less other work, or sample less often with a larger --interval.",
    },
  ];
}

function processesWithoutSample({ processes }: RunResult): Warning[] {
  return processes
    .filter(({ samples }) => samples.length === 0)
    .map(({ id }) => ({
      cause: `${id} was never sampled, so its CPU and memory are unknown`,
      remedy: "It ended before the first sample: sample more often with a smaller --interval.",
    }));
}

function processesThatLeft({ sampling }: RunResult): Warning[] {
  if (sampling.membership !== "process-tree") return [];
  return [
    {
      cause: "the CPU and memory of daemons and of children that lost their parent may be missing",
      remedy: "Run as root: then they are found by the control group of their program.",
    },
  ];
}

/** Programs that were killed at the end of the run or by the scenario's `stop`; programs/program.ts writes the event. */
function killedPrograms({ events }: RunResult): Warning[] {
  return events
    .filter(({ name, text }) => name === "signal" && /^did not end within .*, and was killed$/.test(text))
    .map(({ processId, text }) => ({
      cause: `${processId} ${text}`,
      remedy: "Make it exit on SIGTERM, or end it in the scenario as its users would.",
    }));
}

/** Only connections that ended in order: on others some bytes never arrive. */
function residuals({ connections }: RunResult): Warning[] {
  const residualOf = ({ dialerToAcceptor, acceptorToDialer }: RunResult["connections"][number]) =>
    Math.abs(dialerToAcceptor.residualBytes ?? 0) + Math.abs(acceptorToDialer.residualBytes ?? 0);
  const unequal = connections
    .filter(({ end }) => end === "fin")
    .map(residualOf)
    .filter((bytes) => bytes > 0);
  if (unequal.length === 0) return [];
  return [
    {
      cause: `both ends of ${counted(unequal.length, "connection", "connections")} differ by ${counted(sum(unequal), "byte", "bytes")}`,
      remedy:
        "A program did not read everything, or bytes were not counted: see residualBytes in result.json.",
    },
  ];
}

function captureProblems({ capture }: RunResult): Warning[] {
  if (!capture) return [];
  if (capture.problem)
    return [
      {
        cause: `there is no capture to compare with: ${capture.problem}`,
        remedy: "The byte counts come from the probes and the kernel only.",
      },
    ];
  if (capture.packetsDropped === 0) return [];
  return [
    {
      cause: `the capture lost ${counted(capture.packetsDropped, "packet", "packets")}`,
      remedy: "Its counts may be too low; capture a shorter run, or run on a machine with less other work.",
    },
  ];
}

function droppedMessages({ connections }: RunResult): Warning[] {
  const dropped = sum(connections.map(({ conversation }) => conversation?.droppedCount ?? 0));
  if (dropped === 0) return [];
  return [
    {
      cause: `${counted(dropped, "message was", "messages were")} counted but not kept`,
      remedy: "The number of messages kept for a connection is limited: a shorter run keeps them all.",
    },
  ];
}

function unenforcedLimits({ checks, instruments = [] }: RunResult): Warning[] {
  const missed = checks.filter((check) => standingOf(check) === "missed");
  return [
    ...(missed.length === 0
      ? []
      : [
          {
            cause: `${counted(missed.length, "time limit was", "time limits were")} missed: ${missed.map(({ name }) => name).join("; ")}`,
            remedy: "They only warn because of --timing warn; see the checks for what to do.",
          },
        ]),
    ...(instruments.length === 0
      ? []
      : [
          {
            cause: `limits of CPU and latency were not enforced, because ${instruments.join(" and ")} slowed the programs`,
            remedy: "Run again without it to enforce them.",
          },
        ]),
  ];
}

function leaks({ leaks: held = [] }: RunResult): Warning[] {
  if (held.length === 0) return [];
  return [
    {
      cause: `after the run fiel still held ${held.join(", ")}`,
      remedy: "This is a fault of fiel and not of the programs; please report it.",
    },
  ];
}
