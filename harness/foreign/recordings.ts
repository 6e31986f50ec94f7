// `fiel record` of a program that is gone the moment it has its last answer, again and again while the machine is busy.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RunResult } from "fiel";
import type { Account } from "./account.ts";
import { redisAccount, redisBenchmark, redisServer } from "./cases/servers.ts";
import { whyNot } from "./installed.ts";
import { type Verdict, verdictOn } from "./verdicts.ts";

const CLIENT = "redis-benchmark";
const PORT = 7_392;
const BUSY_LOOPS = 4;
const TIMES = 10;
const QUESTION_BYTES = "INFO\r\n".length;

export async function recordClients(tool: string, folder: string, isFull: boolean): Promise<Verdict> {
  const times = isFull ? TIMES : 1;
  const title = `fiel record ${CLIENT}, ${isFull ? `${times} times beside ${BUSY_LOOPS} busy loops` : "once"}`;
  const skipped = whyNot({ needs: ["redis-server", CLIENT] });
  if (skipped) return { title, standing: "skipped", ours: "", theirs: "", note: skipped };
  const [server = "", ...words] = redisServer(PORT);
  const children = [spawn(server, words, { stdio: "ignore" })];
  try {
    await delay(1_000);
    for (let loop = 0; isFull && loop < BUSY_LOOPS; loop += 1)
      children.push(spawn("sh", ["-c", "while :; do :; done"], { stdio: "ignore" }));
    const verdicts: Verdict[] = [];
    for (let time = 0; time < times; time += 1) verdicts.push(await recordClient(title, tool, folder));
    return verdicts.find(({ standing }) => standing !== "exact") ?? verdicts.at(-1)!;
  } finally {
    for (const child of children) child.kill();
  }
}

async function recordClient(title: string, tool: string, folder: string): Promise<Verdict> {
  const before = await redisAccount(PORT);
  const out = join(folder, "recording");
  const command = redisBenchmark(PORT, false).join(" ");
  const words = [tool, "record", command, "--include-children", "--out", out];
  const child = spawn(process.execPath, words, { stdio: "ignore" });
  await once(child, "close");
  const after = await redisAccount(PORT);
  const grown = (name: "connections" | "bytesRead" | "bytesWritten") =>
    (after.account[name] ?? 0) - (before.account[name] ?? 0);
  const account: Account = {
    by: "INFO of the server",
    connections: grown("connections") - 1,
    bytesWritten: grown("bytesRead") - QUESTION_BYTES,
    bytesRead: grown("bytesWritten") - after.answerBytes,
  };
  const result = JSON.parse(await readFile(join(out, "result.json"), "utf8")) as RunResult;
  return verdictOn(title, CLIENT, result, account);
}
