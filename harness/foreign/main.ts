// npm run foreign [-- --full] [--only <pattern>]: plays every case through the tool as a user would, and holds its
// figures against the other accounts. Exit code 1 if a figure is wrong and the run did not say so.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { RunResult } from "fiel";
import { recordClients } from "./recordings.ts";
import { pathWithRuntimes } from "./runtimes.ts";
import type { Played } from "./scenario.ts";
import { type Verdict, verdictOn } from "./verdicts.ts";

const tool = new URL("../dist/main.js", import.meta.url).pathname;
const scenario = new URL("scenario.ts", import.meta.url).pathname;

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    "no-trace": { type: "boolean", default: false },
  },
});
const folder = await mkdtemp(join(tmpdir(), "foreign-"));
try {
  const verdicts = await play();
  if (values.only === "") verdicts.push(await recordClients(tool, folder, values.full));
  if (verdicts.length === 0) throw new Error(`no case has a name that matches --only ${values.only}`);
  process.stdout.write(`${verdicts.map(textOf).join("\n")}\n\n${summaryOf(verdicts)}\n`);
  if (verdicts.some(({ standing }) => standing === "wrong" || standing === "broken")) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function play(): Promise<Verdict[]> {
  const accounts = join(folder, "accounts.json");
  const report = join(folder, "report");
  const words = [tool, "run", scenario, "--out", report, ...(values["no-trace"] ? ["--no-trace"] : [])];
  const isWhole = values.full || process.env.CI === "true";
  const environment = {
    ...(isWhole && { PATH: await pathWithRuntimes(folder) }),
    FOREIGN_ACCOUNTS: accounts,
    FOREIGN_FULL: values.full ? "1" : "0",
    FOREIGN_ONLY: values.only,
  };
  const child = spawn(process.execPath, words, { stdio: "inherit", env: { ...process.env, ...environment } });
  await once(child, "close");
  const result = JSON.parse(await readFile(join(report, "result.json"), "utf8")) as RunResult;
  const played = JSON.parse(await readFile(accounts, "utf8")) as Played[];
  return played.map(({ id, title, outcome }) => {
    if ("account" in outcome) return verdictOn(title, id, result, outcome.account);
    const [standing, note] =
      "skipped" in outcome ? (["skipped", outcome.skipped] as const) : (["broken", outcome.broken] as const);
    return { title, standing, ours: "", theirs: "", note };
  });
}

function textOf({ title, standing, ours, theirs, note }: Verdict): string {
  const sums = ours === "" ? [] : [`    ours:   ${ours}`, `    theirs: ${theirs}`];
  const lines = standing === "exact" ? sums.slice(1) : sums;
  return [`${standing.padEnd(7)} ${title}`, ...lines, ...(note ? [`    ${note}`] : [])].join("\n");
}

function summaryOf(verdicts: readonly Verdict[]): string {
  const count = (standing: Verdict["standing"]) => verdicts.filter((one) => one.standing === standing).length;
  return (["exact", "said", "wrong", "broken", "skipped"] as const)
    .map((standing) => `${count(standing)} ${standing}`)
    .join(", ");
}
