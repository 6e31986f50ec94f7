// All cases in one run, one after another; each leaves its account, or why it has none. Played by main.ts.
import { writeFile } from "node:fs/promises";
import { defineScenario, type ScenarioContext } from "fiel";
import type { Account } from "./account.ts";
import { openBench } from "./bench.ts";
import { cpuCases } from "./cases/cpu.ts";
import { languageCases } from "./cases/languages.ts";
import { networkCases } from "./cases/networks.ts";
import { nodeCases } from "./cases/node.ts";
import { serverCases } from "./cases/servers.ts";
import { socketCases } from "./cases/sockets.ts";
import type { ForeignCase } from "./foreign-case.ts";
import { whyNot } from "./installed.ts";

const CASES = [...serverCases, ...languageCases, ...nodeCases, ...socketCases, ...networkCases, ...cpuCases];

/** What main.ts reads, for each case. */
export interface Played {
  id: string;
  title: string;
  outcome: { account: Account } | { skipped: string } | { broken: string };
}

export default defineScenario({
  name: "foreign",
  title: "Programs of others",
  description: "Each held against an account that is not ours.",
  durationSeconds: 240,
  flows: [],
  checks: [],
  async run(context) {
    const { FOREIGN_ONLY: only = "", FOREIGN_FULL, FOREIGN_ACCOUNTS: file = "accounts.json" } = process.env;
    const played: Played[] = [];
    for (const each of CASES.filter(({ id }) => new RegExp(only).test(id))) {
      context.phase(each.id);
      played.push({
        id: each.id,
        title: each.title,
        outcome: await play(each, context, FOREIGN_FULL === "1"),
      });
    }
    await writeFile(file, JSON.stringify(played));
  },
});

async function play(one: ForeignCase, context: ScenarioContext, isFull: boolean): Promise<Played["outcome"]> {
  const skipped = whyNot(one);
  if (skipped) return { skipped };
  const { bench, close } = await openBench(context, one.id, isFull);
  try {
    return { account: await one.play(bench) };
  } catch (error) {
    return { broken: (error as Error).message };
  } finally {
    close();
  }
}
