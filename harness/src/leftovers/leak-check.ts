// Whether the harness itself lets go of everything that it took for a run: descriptors (files, sockets, pipes), timers and
// whatever else keeps it alive, child processes, temporary folders. A difference that stays after a moment is a leak.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { temporaryFoldersLeft } from "./temporary-folder.ts";

/** Node opens it for the first child that is started, and keeps it. */
const KEPT_BY_NODE = "/dev/null";
const LOOK_EVERY_MS = 20;
const GRACE_MS = 1_000;

/** What is held, each thing by its name and how often. */
export type HeldResources = ReadonlyMap<string, number>;

export function listHeldResources(): HeldResources {
  useStandardStreams();
  const stock = new Map<string, number>();
  const held = [
    ...descriptors(),
    ...resources(),
    ...children(),
    ...temporaryFoldersLeft().map((path) => `folder ${path}`),
  ];
  for (const name of held) stock.set(name, (stock.get(name) ?? 0) + 1);
  return stock;
}

/** What is held now and was not before; waits a moment for what is on its way out. */
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

/** They come into being when somebody looks at them first. */
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
      return []; // That of the listing itself.
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

/** Empty where there is no such folder: only Linux tells. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
