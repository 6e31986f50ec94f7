// A harness that starts one probed program and waits to be killed.
import { spawn } from "node:child_process";
import { createJiti } from "jiti";

const { startProbeReceiver } = await createJiti(import.meta.url).import("./receiver.ts");

const [directory, leftover] = process.argv.slice(2);
const nowMs = () => performance.now();
const receiver = await startProbeReceiver({ directory, nowMs, intervalMs: 20, leftovers: [leftover] });
const endless = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('running')";
spawn(process.execPath, ["-e", endless], {
  env: { ...process.env, ...receiver.environmentFor({ id: "orphan", isNode: true }) },
  stdio: ["ignore", "inherit", "inherit"],
});
