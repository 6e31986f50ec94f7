// Starts a small process that outlives the harness by a moment: whatever ends the harness, kill -9 included, it ends
// the measured programs' process groups and removes the run's folder. Limit: a program that leaves its process
// group (setsid) is out of its reach; a probe inside such a program still ends it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { builtFile } from "../own-package.ts";

export interface Caretaker {
  watchGroup(pid: number): void;
  forgetGroup(pid: number): void;
  watchFolder(path: string): void;
  /** A control group, by its folder. */
  watchControlGroup(path: string): void;
  /** A network namespace, by its name. */
  watchNamespace(name: string): void;
  forgetNamespace(name: string): void;
  /** Lets it clean up what is left, and waits until it is gone. */
  dismiss(): Promise<void>;
}

export function startCaretaker(): Caretaker {
  const file = builtFile("caretaker-process.js");
  const child = spawn(process.execPath, [file], {
    detached: true,
    cwd: "/",
    env: { PATH: process.env.PATH },
    stdio: ["pipe", "ignore", "ignore"],
  });
  const gone = once(child, "exit").catch(() => {});
  child.stdin.on("error", () => {});
  const send = (line: string) => child.stdin.write(`${line}\n`);
  return {
    watchGroup: (pid) => send(`group ${pid}`),
    forgetGroup: (pid) => send(`forget ${pid}`),
    watchFolder: (path) => send(`folder ${path}`),
    watchControlGroup: (path) => send(`control-group ${path}`),
    watchNamespace: (name) => send(`namespace ${name}`),
    forgetNamespace: (name) => send(`forget-namespace ${name}`),
    async dismiss() {
      child.stdin.end();
      await gone;
    },
  };
}
