// Checks that the harness releases everything that it held for a run: descriptors (files, sockets, pipes), timers and
// other active resources, child processes, temporary folders. A difference that remains after a moment is a leak.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { temporaryFoldersLeft } from "./temporary-folder.ts";

/** Node opens it when the first child starts, and never closes it. */
const KEPT_BY_NODE = "/dev/null";
const LOOK_EVERY_MS = 20;
const GRACE_MS = 1_000;

/** The resources held: how often by name. */
export type HeldResources = ReadonlyMap<string, number>;

export function listHeldResources(): HeldResources {
  useStandardStreams();
  const counts = new Map<string, number>();
  const held = [
    ...descriptors(),
    ...resources(),
    ...children(),
    ...temporaryFoldersLeft().map((path) => `folder ${path}`),
  ];
  for (const name of held) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** The resources held now and not before; waits a moment for those that are being released. */
export async function findLeaks(before: HeldResources, graceMs = GRACE_MS): Promise<string[]> {
  const untilMs = performance.now() + graceMs;
  for (;;) {
    const leaks = moreThan(before, listHeldResources());
    if (leaks.length === 0 || performance.now() > untilMs) return leaks;
    await delay(LOOK_EVERY_MS);
  }
}

export function moreThan(before: HeldResources, after: HeldResources): string[] {
  return [...after].flatMap(([name, count]) => {
    const more = count - (before.get(name) ?? 0);
    return more > 0 ? [more > 1 ? `${more} × ${name}` : name] : [];
  });
}

/** Node creates the standard streams on first use. */
function useStandardStreams(): boolean {
  return process.stdout.writable && process.stderr.writable;
}

/** Sockets and pipes by their kind, files by their path. */
function descriptors(): string[] {
  return namesIn("/proc/self/fd").flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path === KEPT_BY_NODE ? [] : [`descriptor of ${path.replace(/:\[\d+\]$/, "")}`];
    } catch {
      return []; // The descriptor of the listing itself.
    }
  });
}

function resources(): string[] {
  return process.getActiveResourcesInfo().map((name) => `active ${name}`);
}

function children(): string[] {
  return namesIn("/proc/self/task").flatMap((thread) => {
    try {
      const pids = readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" ");
      return pids.filter((pid) => pid.trim() !== "").map((pid) => `child process ${pid}`);
    } catch {
      return []; // The thread has ended.
    }
  });
}

/** Empty if the folder does not exist, as on systems other than Linux. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
