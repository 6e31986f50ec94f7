// The kernel's last word on each TCP socket of this network namespace, told when the socket is gone, through
// `ss --events`. Some kernels tell it to root only; when hundreds of sockets go at once, some words may be lost.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface DestroyedSockets {
  stop(): Promise<void>;
}

/** Into a pipe `ss` writes four kilobytes at a time, and keeps the rest to itself, if it is not told otherwise. */
const LINE_BY_LINE = "command -v stdbuf >/dev/null && exec stdbuf -oL ss -EtneiOH; exec ss -EtneiOH";

export function watchDestroyedSockets(onLine: (line: string) => void): DestroyedSockets {
  const ss = spawn("/bin/sh", ["-c", LINE_BY_LINE], { stdio: ["ignore", "pipe", "ignore"] });
  const gone = new Promise((resolve) => ss.once("close", resolve).once("error", resolve));
  createInterface({ input: ss.stdout }).on("line", onLine);
  return {
    async stop() {
      ss.kill();
      await gone;
    },
  };
}
