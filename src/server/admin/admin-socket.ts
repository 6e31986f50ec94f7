// The way from `velha admin` to the running server: a Unix socket in the data folder, for its owner alone. A request is one
// line of JSON, the words of a command; so is the answer, and then the connection ends.
import { chmodSync, closeSync, existsSync, openSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { errorText } from "../startup-error.ts";
import type { AdminAnswer } from "./commands.ts";

const MAX_REQUEST_BYTES = 65_536;
const IDLE_LIMIT_MS = 10_000;

export type Answerer = (asked: readonly string[]) => Promise<AdminAnswer>;

export interface AdminSocket {
  close(): void;
}

const SOCKET_NAME = "admin.sock";
/** What the address of a socket can hold everywhere. Longer paths would be cut, without an error. */
const MAX_PATH_BYTES = 100;

/** Calls `use` with the socket's path; with one through the folder's descriptor when the path is too long. */
async function withSocketPath<T>(dataDirectory: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = join(dataDirectory, SOCKET_NAME);
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES) return use(path);
  if (!existsSync("/proc/self/fd")) throw new Error(`the path ${path} is too long for a socket`);
  const folder = openSync(dataDirectory, "r");
  try {
    return await use(`/proc/self/fd/${folder}/${SOCKET_NAME}`);
  } finally {
    closeSync(folder);
  }
}

/** Throws the system's error when it cannot listen, as where there are no Unix sockets. */
export async function openAdminSocket(dataDirectory: string, answer: Answerer): Promise<AdminSocket> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.once("close", () => open.delete(socket)));
    void serve(socket, answer);
  });
  await withSocketPath(dataDirectory, async (path) => {
    if (await isAnswered(path)) throw new Error(`${path} belongs to another server`);
    rmSync(path, { force: true });
    await listening(server, path);
  });
  return {
    close() {
      server.close();
      rmSync(join(dataDirectory, SOCKET_NAME), { force: true });
      for (const socket of open) socket.destroy();
    },
  };
}

/** null: no server listens in that folder. */
export async function askServer(
  dataDirectory: string,
  asked: readonly string[],
): Promise<AdminAnswer | null> {
  const socket = existsSync(dataDirectory) ? await withSocketPath(dataDirectory, connected) : null;
  if (!socket) return null;
  socket.write(`${JSON.stringify(asked)}\n`);
  const answer = await text(socket);
  if (answer === "") return { ok: false, reason: "the server ended before it answered" };
  return JSON.parse(answer) as AdminAnswer;
}

async function serve(socket: Socket, answer: Answerer): Promise<void> {
  socket.on("error", () => {});
  socket.setTimeout(IDLE_LIMIT_MS, () => {
    if (socket.bytesRead === 0) socket.destroy();
  });
  socket.on("data", () => {
    if (socket.bytesRead > MAX_REQUEST_BYTES) socket.destroy();
  });
  for await (const line of createInterface({ input: socket })) {
    const asked = wordsOf(line);
    const answered: AdminAnswer = asked
      ? await answer(asked).catch((error) => ({ ok: false, reason: errorText(error) }))
      : { ok: false, reason: "that was no request" };
    socket.end(`${JSON.stringify(answered)}\n`);
    return;
  }
}

function wordsOf(line: string): string[] | null {
  try {
    const asked: unknown = JSON.parse(line);
    return Array.isArray(asked) && asked.every((word) => typeof word === "string") ? asked : null;
  } catch {
    return null;
  }
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      server.on("error", () => {});
      try {
        chmodSync(path, 0o600);
        resolve();
      } catch (error) {
        server.close();
        reject(error);
      }
    });
  });
}

function connected(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.on("error", () => resolve(null));
  });
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = await connected(path);
  socket?.destroy();
  return socket !== null;
}
