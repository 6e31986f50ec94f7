// Whether a program accepts connections at a port. On Linux the kernel is asked, so that no connection is made that the
// run would count; elsewhere one is tried.
import { readdir, readFile, readlink } from "node:fs/promises";
import { connect } from "node:net";

const LISTEN = "0A";
const LOCALHOST = ["127.0.0.1", "::1"];

/** For one of these processes, which share a network: another program at the port does not count. */
export async function isListening(pids: readonly number[], port: number): Promise<boolean> {
  if (process.platform !== "linux") return isAccepting(port);
  const [first] = pids;
  const inodes = first === undefined ? new Set<string>() : await listenersAt(first, port);
  if (inodes.size === 0) return false;
  for (const each of pids) {
    const owned = await socketsOf(each);
    // Another user's process shows nobody its sockets.
    if (owned === null || owned.some((inode) => inodes.has(inode))) return true;
  }
  return false;
}

/** The inodes of the listening sockets at that port, in the network of that process. */
async function listenersAt(pid: number, port: number): Promise<Set<string>> {
  const hexadecimal = port.toString(16).toUpperCase().padStart(4, "0");
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8").catch(() => "")),
  );
  const rows = tables.flatMap((table) => table.split("\n").map((row) => row.trim().split(/\s+/)));
  const found = rows.filter(([, local, , state]) => state === LISTEN && local?.endsWith(`:${hexadecimal}`));
  return new Set(found.map((row) => row[9]!));
}

/** Inodes; null for what this user may not see. */
async function socketsOf(pid: number): Promise<string[] | null> {
  try {
    const names = await readdir(`/proc/${pid}/fd`);
    const targets = await Promise.all(
      names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "")),
    );
    return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES" ? null : [];
  }
}

async function isAccepting(port: number): Promise<boolean> {
  const tries = await Promise.all(LOCALHOST.map((host) => accepts(host, port)));
  return tries.includes(true);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
