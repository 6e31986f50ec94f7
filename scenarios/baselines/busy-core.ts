// Takes so many percent of a core, a few milliseconds at a time: what a program beside the measured one took, without
// the program. Argument: percent.
const PERIOD_MS = 10;
const workMs = (PERIOD_MS * Math.min(99, Number(process.argv[2]))) / 100;

function work(): void {
  const startMs = performance.now();
  while (performance.now() - startMs < workMs);
  setTimeout(work, PERIOD_MS - workMs);
}

process.on("SIGTERM", () => process.exit(0));
console.log("busy");
work();
