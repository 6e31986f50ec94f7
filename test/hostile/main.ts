// The attackers' command line: `fuzz` against a server of its own, `attack` and `honest` for the scenario.
import { Command } from "commander";
import { ServerProcess } from "../server-process.ts";
import { fuzz } from "./fuzz.ts";

const MEGABYTE = 1e6;

async function runFuzz({ lines, seed }: { lines: number; seed: number }): Promise<void> {
  const server = await ServerProcess.start(["--heartbeat", "3600"]);
  const startMs = performance.now();
  let toldMs = startMs;
  try {
    let rssAtHalf = 0;
    const onProgress = (said: number) => {
      if (rssAtHalf === 0 && said >= lines / 2) rssAtHalf = server.rssBytes;
      if (performance.now() - toldMs < 1_000) return;
      toldMs = performance.now();
      process.stdout.write(`${said} of ${lines} lines\n`);
    };
    const report = await fuzz(server, { lines, seed, onProgress });
    const rssGrowth = (server.rssBytes - rssAtHalf) / MEGABYTE;
    if ((await server.interrupt()) !== 0 || server.stderr !== "") throw new Error("the server was harmed");
    const seconds = (performance.now() - startMs) / 1_000;
    process.stdout.write(
      `${report.lines} lines: ${report.answers} answers as they should be, ${report.closes} connections ended as they ` +
        `should be; ${seconds.toFixed(1)} s; its memory grew by ${rssGrowth.toFixed(1)} MB in the second half\n`,
    );
  } finally {
    await server.dispose();
  }
}

const program = new Command("hostile");
program
  .command("fuzz")
  .description("say seeded lines of somebody who knows the grammar to a server started for it")
  .option("--lines <n>", "how many", Number, 100_000)
  .option("--seed <n>", "the same seed says the same lines", Number, 1)
  .action(runFuzz);

try {
  await program.parseAsync();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
