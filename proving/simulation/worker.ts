// A worker thread that runs the seeds it is sent.
import { parentPort } from "node:worker_threads";
import { simulate } from "./simulation.ts";
import { addReport, newTotals, type Totals } from "./totals.ts";

export interface Batch {
  from: number;
  count: number;
  plant: string | undefined;
}

parentPort?.on("message", async ({ from, count, plant }: Batch) => {
  const totals: Totals = newTotals();
  for (let seed = from; seed < from + count; seed++) addReport(totals, await simulate({ seed, plant }));
  parentPort?.postMessage(totals);
});
