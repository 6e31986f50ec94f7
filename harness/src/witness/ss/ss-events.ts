// The kernel's last report of each TCP socket of this network namespace, sent when the socket is destroyed, through
// `ss --events`. Some kernels send them to root only; when hundreds of sockets go at once, some are dropped.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface SsEvents {
  /** What ss complained about, each line once. */
  readonly complaints: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** Into a pipe `ss` writes four kilobytes at a time, and keeps the rest to itself, unless it is told otherwise. */
const LINE_BY_LINE = "command -v stdbuf >/dev/null && exec stdbuf -oL ss -EtneiOH; exec ss -EtneiOH";

export function watchSsEvents(onLine: (line: string) => void): SsEvents {
  const ss = spawn("/bin/sh", ["-c", LINE_BY_LINE], { stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise((resolve) => ss.once("close", resolve).once("error", resolve));
  const complaints = new Set<string>();
  createInterface({ input: ss.stdout }).on("line", onLine);
  createInterface({ input: ss.stderr }).on("line", (line) => complaints.add(line.trim()));
  return {
    complaints,
    async stop() {
      ss.kill();
      await gone;
    },
  };
}
