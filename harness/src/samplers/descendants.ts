// Who descends from a process. On Linux the kernel lists each thread's children: the main thread's are read each time,
// those of other threads, which cost as much per thread, once a second. Elsewhere `ps` lists all processes once a
// second. A child that lives shorter than that can be missed. On Windows there is no list: processes are measured
// without their children.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

const LIST_EVERY_MS = 1_000;

/**
 * Each once, without the process itself. `known` are those that were found before: one whose parent has ended has
 * another parent now, and still belongs to the family, with its own children.
 */
export type FindDescendants = (pid: number, known?: readonly number[]) => number[];

/** For a process that is measured without its children. */
export const findNone: FindDescendants = () => [];

export function createDescendantsFinder(platform: string = process.platform): FindDescendants {
  if (platform === "linux") return createProcFinder();
  if (platform === "win32") return findNone;
  return createListFinder();
}

function descendantsIn(
  childrenOf: (pid: number) => number[],
  pid: number,
  known: readonly number[] = [],
): number[] {
  const found = new Set([pid, ...known]);
  // A set is iterated over what is added meanwhile, too.
  for (const each of found) for (const child of childrenOf(each)) found.add(child);
  found.delete(pid);
  return [...found];
}

function createProcFinder(): FindDescendants {
  const ofOtherThreads = new Map<number, { readAtMs: number; children: number[] }>();

  function childrenOf(pid: number): number[] {
    const nowMs = performance.now();
    let others = ofOtherThreads.get(pid);
    if (!others || nowMs - others.readAtMs > LIST_EVERY_MS) {
      const threads = threadsOf(pid).filter((thread) => thread !== pid);
      others = { readAtMs: nowMs, children: threads.flatMap((thread) => childrenOfThread(pid, thread)) };
      ofOtherThreads.set(pid, others);
    }
    return [...childrenOfThread(pid, pid), ...others.children];
  }

  return (pid, known) => descendantsIn(childrenOf, pid, known);
}

// A process or thread that has just ended has no children.

function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

function childrenOfThread(pid: number, thread: number): number[] {
  try {
    return numbersIn(readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"));
  } catch {
    return [];
  }
}

/** Answers from the last list and has it renewed in the background. */
function createListFinder(): FindDescendants {
  let children = new Map<number, number[]>();
  let listedAtMs = Number.NEGATIVE_INFINITY;
  return (pid, known) => {
    if (performance.now() - listedAtMs > LIST_EVERY_MS) {
      listedAtMs = performance.now();
      listChildren().then(
        (list) => {
          children = list;
        },
        () => {},
      );
    }
    return descendantsIn((parent) => children.get(parent) ?? [], pid, known);
  };
}

async function listChildren(): Promise<Map<number, number[]>> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
  const children = new Map<number, number[]>();
  for (const line of stdout.split("\n")) {
    const [pid, parent] = numbersIn(line);
    if (pid === undefined || parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

function numbersIn(text: string): number[] {
  return text.split(/\s+/).filter(Boolean).map(Number);
}
