// Started by caretaker.ts in its own session. When its standard input ends, however the harness ended, it kills the
// process groups that are still on its list and removes the folders, control groups and namespaces that still exist.
// Input: "group <pid>", "forget <pid>", "folder <path>", "control-group <folder>", "namespace <name>",
// "forget-namespace <name>".
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { endControlGroups } from "../cgroup/control-group.ts";

const groups = new Set<number>();
const folders = new Set<string>();
const controlGroups = new Set<string>();
const namespaces = new Set<string>();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, ...words] = line.split(" ");
  const what = words.join(" ");
  if (verb === "group") groups.add(Number(what));
  if (verb === "forget") groups.delete(Number(what));
  if (verb === "folder") folders.add(what);
  if (verb === "control-group") controlGroups.add(what);
  if (verb === "namespace") namespaces.add(what);
  if (verb === "forget-namespace") namespaces.delete(what);
}

// A recorded program shares its process group with the terminal, so only the program itself is killed.
for (const pid of groups) if (!kill(-pid)) kill(pid);
for (const path of controlGroups) await endControlGroups(path);
for (const name of namespaces) spawnSync("ip", ["netns", "del", name], { stdio: "ignore" });
for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

/** False if there is no such process or group. */
function kill(pid: number): boolean {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}
