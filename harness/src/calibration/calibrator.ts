// Burns the given shares of a core one after another and then prints its own account. Arguments: the milliseconds for
// each share, then the shares in percent. Each line of the account has the monotonic clock and the CPU time used so
// far, both in milliseconds.
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";

const PERIOD_MS = 10;
const [msForEach = 1_000, ...percents] = process.argv.slice(2).map(Number);

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const spentMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};
const account: string[] = [];
const enter = () => account.push(`${nowMs()} ${spentMs()}`);

/** In each period it works until it has used its share of the time since the level began. */
async function burn(share: number): Promise<void> {
  if (share === 0) return rest();
  const startMs = nowMs();
  const startSpentMs = spentMs();
  for (let period = 1; period * PERIOD_MS <= msForEach; period++) {
    const endMs = startMs + period * PERIOD_MS;
    const goalMs = startSpentMs + share * period * PERIOD_MS;
    while (spentMs() < goalMs && nowMs() < endMs);
    enter();
    const leftMs = endMs - nowMs();
    await (leftMs > 0 ? delay(leftMs) : nextTurn());
  }
}

/** Makes no entries in between, because they cost CPU time. */
async function rest(): Promise<void> {
  enter();
  await delay(msForEach);
  enter();
}

console.log("burning");
enter();
for (const percent of percents) await burn(percent / 100);
enter();
console.log(account.join("\n"));
