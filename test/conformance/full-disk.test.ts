// docs/PROTOCOL.md §1: a request that cannot be written to disk is answered TRY_LATER, and nothing else happens. Tested on
// a full file system, where mounting one is permitted, and with a limit on the size of files on every Linux.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ServerProcess } from "../servers/server-process.ts";
import { matchIdOf, signedActions } from "../wire/match-report.ts";
import { connect, join, PASSWORD, startMatch } from "../wire/whole-client.ts";

interface Disk {
  /** The folder for the server's data. */
  folder: string;
  fill(server: ServerProcess): void;
  makeRoom(server: ServerProcess): void;
  remove(): void;
}

/** Room for the server's files, and some to fill up. */
const SMALL_DISK = "size=4m";

function smallDisk(): Disk {
  const folder = mkdtempSync(joinPath(tmpdir(), "velha-small-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", SMALL_DISK, "tmpfs", folder]);
  const ballast = joinPath(folder, "ballast");
  const fill = () => {
    for (const chunk of [65_536, 4_096, 1]) {
      try {
        for (;;) writeFileSync(ballast, Buffer.alloc(chunk), { flag: "a" });
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
      }
    }
  };
  const remove = () => {
    execFileSync("umount", ["--lazy", folder]);
    rmdirSync(folder);
  };
  return { folder, fill, makeRoom: () => rmSync(ballast), remove };
}

function smallFiles(): Disk {
  const folder = mkdtempSync(joinPath(tmpdir(), "velha-small-files-"));
  const limit = ({ pid }: ServerProcess, bytes: string) => {
    execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`]);
  };
  return {
    folder,
    fill: (server) => limit(server, "1"),
    makeRoom: (server) => limit(server, "unlimited"),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

const isRoot = process.getuid?.() === 0;
const disks: [string, () => Disk][] = [
  ...(isRoot ? [["a full disk", smallDisk] as [string, () => Disk]] : []),
  ["files that may not grow", smallFiles],
];

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  return port;
}

let dispose: (() => Promise<void>) | null = null;
afterEach(() => dispose?.());

test.runIf(process.platform === "linux").each(disks)(
  "%s: changes get TRY_LATER, all other requests are answered, and with room again changes work again",
  async (_, make) => {
    const disk = make();
    const httpPort = await freePort();
    const server = await ServerProcess.start(["--http", String(httpPort)], disk.folder);
    const readiness = async () => (await fetch(`http://127.0.0.1:${httpPort}/readyz`)).status;
    dispose = async () => {
      await server.dispose();
      disk.remove();
    };
    const [alan, beto] = [await join(server, "Alan"), await join(server, "Beto")];
    const ticket = await startMatch(alan, beto);
    const signers = { X: alan.signer, O: beto.signer };
    const actions = signedActions(ticket, signers, "11 21 12 22 13").join(";");
    const result = `result;Alan;Beto;WIN;${ticket};${actions}`;
    const stranger = await connect(server);

    disk.fill(server);
    for (let tries = 0; tries < 2; tries++) {
      await stranger.tls.asks(`adduser;Carla;${PASSWORD}`, "adduserERR;TRY_LATER;5;…");
      await stranger.tls.asks(`login;Alan;${PASSWORD}`, "loginERR;TRY_LATER;5;…");
      await alan.control.asks(result, "resultERR;TRY_LATER;5;…");
      await alan.tls.asks(`passwd;${PASSWORD};battery staple`, "passwdERR;TRY_LATER;5;…");
    }
    await alan.control.asks("leaders", "leadersACK;Alan:0;Beto:0");
    await alan.control.asks("list", "listACK;Alan:playing;Beto:playing");
    expect(await readiness()).toBe(503);
    expect(server.stderr.match(/^what clients ask for cannot be kept \(.+\)$/gm)).toHaveLength(1);

    disk.makeRoom(server);
    await alan.control.asks(result, `resultACK;${matchIdOf(ticket)};WIN;2`);
    await stranger.tls.asks(`adduser;Carla;${PASSWORD}`, "adduserACK;Carla");
    await stranger.control.asks("leaders", "leadersACK;Alan:2;Beto:0;Carla:0");
    expect(await readiness()).toBe(200);
    const log = readFileSync(joinPath(disk.folder, "data", "log.txt"), "utf8");
    expect(log.match(/\] Trouble: what clients ask for cannot be kept/g)).toHaveLength(1);
    expect(log.match(/\] The trouble is over: changes are kept again/g)).toHaveLength(1);

    await server.interrupt("SIGKILL");
    const next = await ServerProcess.start([], disk.folder);
    const back = await connect(next);
    await back.control.asks("leaders", "leadersACK;Alan:2;Beto:0;Carla:0");
    await back.tls.asks("login;Alan;battery staple", "loginERR;BAD_CREDENTIALS;…");
    for (const client of [alan, beto, stranger, back]) client.close();
    await next.dispose();
  },
);
