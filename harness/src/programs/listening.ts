// Whether a program accepts connections at a port. On Linux the kernel is asked, so that no connection is made that the
// run would count; elsewhere one is tried.
import { readdir, readFile, readlink } from "node:fs/promises";
import { connect } from "node:net";

const LISTEN = "0A";
const LOCALHOST = ["127.0.0.1", "::1"];

/** For one of these processes, which share a network: another program at the port does not count. */
export async function isListening(pids: readonly number[], port: number): Promise<boolean> {
  if (process.platform !== "linux") return isAccepting(port);
  const listeners = await listenersOf(pids);
  const inodes = new Set([...listeners].filter(([, its]) => its === port).map(([inode]) => inode));
  if (inodes.size === 0) return false;
  for (const each of pids) {
    const owned = await socketsOf(each);
    // Another user's process shows nobody its sockets.
    if (owned === null || owned.some((inode) => inodes.has(inode))) return true;
  }
  return false;
}

/** The TCP ports at which one of these processes accepts connections; none where that cannot be seen. */
export async function listeningPorts(pids: readonly number[]): Promise<number[]> {
  const listeners = await listenersOf(pids);
  const owned = await Promise.all(pids.map(socketsOf));
  const ports = owned.flatMap((inodes) => inodes ?? []).flatMap((inode) => listeners.get(inode) ?? []);
  return [...new Set(ports)].sort((one, other) => one - other);
}

/** The ports of the listening sockets in the network of these processes, by inode. */
async function listenersOf([pid]: readonly number[]): Promise<Map<string, number>> {
  if (pid === undefined) return new Map();
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8").catch(() => "")),
  );
  const rows = tables.flatMap((table) => table.split("\n").map((row) => row.trim().split(/\s+/)));
  const found = rows.filter(([, , , state]) => state === LISTEN);
  return new Map(found.map((row) => [row[9]!, Number.parseInt(row[1]!.split(":")[1]!, 16)]));
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
