// What cases work with, on top of a scenario's run.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ScenarioContext } from "fiel";
import type { Bench } from "./foreign-case.ts";
import { type Relay, startRelay } from "./relay.ts";

const READY_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;

export async function openBench(context: ScenarioContext, id: string, isFull: boolean) {
  const folder = await context.temporaryFolder();
  await chmod(folder, 0o755);
  const relays: Relay[] = [];

  const bench: Bench = {
    context,
    isFull,
    folder,
    start: (command, more) => context.start({ id, command: [...command], ...more }),
    port: () => context.freePort(),
    async relay(port, host) {
      const relay = await startRelay(port, host);
      relays.push(relay);
      return relay;
    },
    async run([file = "", ...words]) {
      const child = spawn(file, words, { stdio: ["ignore", "pipe", "pipe"], cwd: folder });
      let printed = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (text) => {
          printed += text;
        });
      const [code] = await once(child, "close");
      if (code !== 0)
        throw new Error(`${[file, ...words].join(" ")} ended with ${code}: ${printed.slice(-400)}`);
      return printed;
    },
    async accepting(port) {
      const untilMs = performance.now() + READY_WITHIN_MS;
      while (!(await isAccepted(port))) {
        if (performance.now() > untilMs) throw new Error(`nobody listens at port ${port}`);
        await delay(LOOK_EVERY_MS);
      }
    },
  };
  return {
    bench,
    close() {
      for (const relay of relays) relay.close();
    },
  };
}

function isAccepted(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
