// CPU, by what the kernel charged the program itself (getrusage).
import type { Account } from "../account.ts";
import { type Bench, type ForeignCase, programFile } from "../foreign-case.ts";

export const cpuCases: ForeignCase[] = [
  {
    id: "burn",
    title: "CPU of a process, a thread and a child",
    needs: ["python3"],
    play: (bench) => charged(bench, ["python3", programFile("burn.py"), bench.isFull ? "2" : "0.4"], 1),
  },
  {
    id: "orphans",
    title: "CPU of grandchildren that lost their parents",
    needs: ["python3"],
    play: (bench) => charged(bench, ["sh", programFile("orphans.sh")], 3),
  },
];

/** Each process of the program prints its own charge. */
async function charged(bench: Bench, command: string[], processes: number): Promise<Account> {
  const program = await bench.start(command);
  let cpuMs = 0;
  for (let number = 0; number < processes; number += 1)
    cpuMs += Number((await program.sees(/^charged ([\d.]+)/, { withinMs: 30_000 }))[1]);
  // So that the last of it is sampled.
  await bench.context.pause(400);
  await program.stop();
  return { by: "getrusage", cpuMs };
}
