// Uses a share of one core, a few milliseconds at a time: it stands in for a program that ran beside the measured one.
// Argument: percent.
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
