// The kernel's last word on each TCP socket of this network namespace, told when the socket is gone, through
// `ss --events`. Some kernels tell it to root only; when very many sockets go at once, some words are lost.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface DestroyedSockets {
  stop(): Promise<void>;
}

export function watchDestroyedSockets(onLine: (line: string) => void): DestroyedSockets {
  const ss = spawn("ss", ["-EtneiOH"], { stdio: ["ignore", "pipe", "ignore"] });
  const gone = new Promise((resolve) => ss.once("close", resolve).once("error", resolve));
  createInterface({ input: ss.stdout }).on("line", onLine);
  return {
    async stop() {
      ss.kill();
      await gone;
    },
  };
}
