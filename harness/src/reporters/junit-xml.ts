// junit.xml: the verdicts in the format that CI systems read. The run itself is the first case, so that a run that failed
// before its checks appears too.
import type { RunResult, Verdict } from "../result/result.ts";
import { standingOf } from "../result/verdict.ts";

export function junitXml(result: RunResult): string {
  const { scenario, checks, durationMs, startedAt } = result;
  const cases = [runCase(result), ...checks.map((check) => checkCase(scenario.name, check))];
  const failures = checks.filter((check) => standingOf(check) === "failed").length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${isBroken(result) ? 1 : 0}"`;
  const when = `time="${(durationMs / 1_000).toFixed(3)}" timestamp="${startedAt}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="${escaped(scenario.name)}" ${counts} ${when}>
${cases.join("\n")}
  </testsuite>
</testsuites>
`;
}

function runCase(result: RunResult): string {
  const open = `    <testcase classname="${escaped(result.scenario.name)}" name="the run comes to its end" time="${(result.durationMs / 1_000).toFixed(3)}"`;
  if (!isBroken(result)) return `${open}/>`;
  const message = result.failure?.message ?? `the run was ${result.status}`;
  return `${open}><error message="${escaped(message)}">${escaped(result.failure?.lastOutput.join("\n") ?? "")}</error></testcase>`;
}

function checkCase(scenario: string, verdict: Verdict): string {
  const { name, value, limit, unit, advice } = verdict;
  const open = `    <testcase classname="${escaped(scenario)}" name="${escaped(name)}" time="0"`;
  const standing = standingOf(verdict);
  if (standing === "passed") return `${open}/>`;
  const message = `${`${value} ${unit}`.trim()}, allowed ${limit}`;
  if (standing === "missed")
    return `${open}><system-out>${escaped(`missed: ${message}`)}</system-out></testcase>`;
  return `${open}><failure message="${escaped(message)}">${escaped(advice)}</failure></testcase>`;
}

/** True if the run ended before its checks. */
function isBroken({ status, failure, checks }: RunResult): boolean {
  return failure !== null || (status !== "passed" && checks.every((check) => standingOf(check) !== "failed"));
}

function escaped(text: string): string {
  // Characters that XML does not allow at all are left out.
  return text
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
