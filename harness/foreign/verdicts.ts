// Holds what the tool reports of a case's program against the other account. Pure.
import type { RunResult, Warning } from "fiel";
import type { Account, Figures } from "./account.ts";

export type Standing = "exact" | "said" | "wrong" | "skipped" | "broken";

export interface Verdict {
  title: string;
  standing: Standing;
  ours: string;
  theirs: string;
  /** How the run said what is missing, or why there is nothing to compare. */
  note: string;
}

const CPU_TOLERANCE = 0.02;
const CPU_TICK_MS = 20;
/** A warning about anything else excuses no figure. */
const SAYS_MISSING = /not counted|missing|lost|left out|unknown/i;
const OF_CPU = /CPU/;

export function verdictOn(title: string, id: string, result: RunResult, account: Account): Verdict {
  const { by, ...theirs } = account;
  const ours = figuresOf(result, id);
  const names = Object.keys(theirs) as (keyof Figures)[];
  const unequal = names.filter((name) => !isEqual(name, ours[name], theirs[name]!));
  const said = saidOf(result, id).filter((text) => OF_CPU.test(text) === unequal.includes("cpuMs"));
  return {
    title,
    standing: unequal.length === 0 ? "exact" : said.length > 0 ? "said" : "wrong",
    ours: names.map((name) => textOf(name, ours[name])).join(", "),
    theirs: `${names.map((name) => textOf(name, theirs[name])).join(", ")} (${by})`,
    note: unequal.length === 0 ? "" : said.join("; "),
  };
}

function figuresOf({ sockets, processes }: RunResult, id: string): Figures {
  const own = sockets.filter(({ processId }) => processId === id);
  const samples = processes.find((one) => one.id === id)?.samples ?? [];
  const startedAtMs = processes.find((one) => one.id === id)?.startedAtMs ?? 0;
  return {
    connections: own.length,
    bytesWritten: own.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    bytesRead: own.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    cpuMs: samples.reduce((sum, { timeMs, cpuPercent }, index) => {
      const fromMs = samples[index - 1]?.timeMs ?? startedAtMs;
      return sum + ((timeMs - fromMs) * cpuPercent) / 100;
    }, 0),
  };
}

function isEqual(name: keyof Figures, ours: number | undefined, theirs: number): boolean {
  if (name !== "cpuMs" || ours === undefined) return ours === theirs;
  return Math.abs(ours - theirs) <= Math.max(theirs * CPU_TOLERANCE, CPU_TICK_MS);
}

/** Warnings that speak of missing figures, of this program or of all. */
function saidOf({ warnings = [], processes }: RunResult, id: string): string[] {
  const others = processes.map((one) => one.id).filter((other) => other !== id);
  const names = (cause: string, program: string) =>
    new RegExp(`(^|[^\\w-])${program}($|[^\\w-])`).test(cause);
  const concerns = ({ cause }: Warning) => names(cause, id) || !others.some((other) => names(cause, other));
  return warnings
    .filter(({ cause, remedy }) => SAYS_MISSING.test(`${cause} ${remedy}`))
    .filter(concerns)
    .map(({ cause, remedy }) => `${cause}. ${remedy}`);
}

function textOf(name: keyof Figures, value: number | undefined): string {
  const words: Record<keyof Figures, string> = {
    connections: "connections",
    bytesWritten: "B sent",
    bytesRead: "B received",
    cpuMs: "ms CPU",
    udpBytes: "B of UDP",
    unixBytes: "B of Unix sockets",
  };
  return `${value === undefined ? "—" : Math.round(value).toLocaleString("en")} ${words[name]}`;
}
