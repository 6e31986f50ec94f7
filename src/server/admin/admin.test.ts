// `velha admin` as an operator uses it, against the compiled server; `npm test` compiles both first.
import { execFile, spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ServerProcess } from "../../../test/servers/server-process.ts";
import { connect, join, PASSWORD, startMatch } from "../../../test/wire/whole-client.ts";

const velha = fileURLToPath(new URL("../../../dist/src/main.js", import.meta.url));

let server: ServerProcess;

beforeEach(async () => {
  server = await ServerProcess.start();
});

afterEach(() => server.dispose());

/** What it printed, and its exit code. */
function admin(...words: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const data = ["--data", joinPath(server.folder, "data")];
  return new Promise((resolve) => {
    execFile(process.execPath, [velha, "admin", ...data, ...words], (error, stdout, stderr) =>
      resolve({ stdout, stderr, code: error ? Number(error.code) : 0 }),
    );
  });
}

const lines = async (...words: string[]) => (await admin(...words)).stdout.trimEnd().split("\n");

describe("while the server runs", () => {
  it("lists users and matches, and shows one of each", async () => {
    const [alan, beto] = [await join(server, "Alan"), await join(server, "beto")];
    const ticket = await startMatch(alan, beto);
    expect(await lines("users")).toEqual([
      expect.stringMatching(/^Alan\t0 points\tactive\tlogin until \S+Z\tonline$/),
      expect.stringMatching(/^beto\t0 points\tactive\tlogin until \S+Z\tonline$/),
    ]);
    expect(await lines("users", "alan")).toHaveLength(1);
    const [match = ""] = await lines("matches");
    expect(match).toMatch(/^\S+\tX Alan\tO beto\topen$/);
    expect(await lines("show", "alan")).toEqual([expect.stringMatching(/^Alan\t/), match]);
    expect(await lines("matches", match.split("\t")[0] as string)).toEqual([match, `ticket ${ticket}`]);
    for (const client of [alan, beto]) client.close();
  });

  it("kicks a user, whose token ends with the connections", async () => {
    const alan = await join(server, "alan");
    expect(await lines("kick", "ALAN")).toEqual(["The login of alan has ended."]);
    await alan.control.sees("disconnect;ENDED");
    await alan.control.seesClose();
    const again = await connect(server);
    await again.tls.asks(`resume;${alan.token}`, "resumeERR;BAD_TOKEN;…");
    await again.tls.asks(`login;alan;${PASSWORD}`, "loginACK;alan;…");
    again.close();
  });

  it("bans a user, who is told so only with the right password, until the ban ends", async () => {
    const alan = await join(server, "alan");
    await lines("ban", "alan");
    await alan.control.sees("disconnect;ENDED");
    const again = await connect(server);
    await again.tls.asks("login;alan;wrong password", "loginERR;BAD_CREDENTIALS;…");
    await again.tls.asks(`login;alan;${PASSWORD}`, "loginERR;BANNED;…");
    await lines("unban", "alan");
    await again.tls.asks(`login;alan;${PASSWORD}`, "loginACK;alan;…");
    again.close();
  });

  it("resets a password", async () => {
    const alan = await join(server, "alan");
    const [said = ""] = await lines("reset-password", "alan");
    await alan.control.sees("disconnect;ENDED");
    const password = said.split(" ").at(-1);
    const again = await connect(server);
    await again.tls.asks(`login;alan;${PASSWORD}`, "loginERR;BAD_CREDENTIALS;…");
    await again.tls.asks(`login;alan;${password}`, "loginACK;alan;…");
    again.close();
    expect(server.log).toContain("Operator: reset-password alan: done");
    expect(server.log.join("\n")).not.toContain(password);
  });

  it("deletes an account: it is in no list, its name stays taken, and its open match still counts for the other", async () => {
    await server.dispose();
    server = await ServerProcess.start(["--match-patience", "1"]);
    const [alan, beto] = [await join(server, "alan"), await join(server, "beto")];
    const ticket = await startMatch(alan, beto);
    expect(await lines("delete", "alan")).toEqual(["alan is deleted."]);
    await alan.control.sees("disconnect;ENDED");
    await beto.control.asks("leaders", "leadersACK;beto:0");
    await beto.control.asks(`result;beto;alan;ABANDONED;${ticket}`, "resultACK;<match>;PENDING;0");
    await beto.control.sees("settled;<match>;WIN;2");
    await beto.control.asks("leaders", "leadersACK;beto:2");
    await beto.tls.asks(`adduser;Alan;${PASSWORD}`, "adduserERR;USER_EXISTS;…");
    const again = await connect(server);
    await again.tls.asks(`login;alan;${PASSWORD}`, "loginERR;BAD_CREDENTIALS;…");
    for (const client of [beto, again]) client.close();
  });

  it("renames a user who plays no match, who keeps points and password", async () => {
    const [alan, beto] = [await join(server, "alan"), await join(server, "beto")];
    expect((await admin("rename", "alan", "BETO")).stderr).toMatch(/^BETO is taken/);
    expect((await admin("rename", "alan", "no name")).stderr).toMatch(/^no name is no user name: /);
    expect(await lines("rename", "alan", "Dora")).toEqual(["alan is Dora now."]);
    await alan.control.sees("disconnect;ENDED");
    await beto.control.asks("leaders", "leadersACK;beto:0;Dora:0");
    const again = await connect(server);
    await again.tls.asks(`login;dora;${PASSWORD};${again.signer.publicKey}`, "loginACK;Dora;<token>");
    await startMatch({ ...again, user: "Dora", token: "" }, beto);
    expect((await admin("rename", "dora", "eva")).stderr).toMatch(
      /^Dora plays match \S+, whose result needs/,
    );
    for (const client of [beto, again]) client.close();
  });

  it("exports users to a file that another server imports", async () => {
    const alan = await join(server, "alan");
    alan.close();
    const file = joinPath(server.folder, "users.txt");
    expect(await lines("export", file)).toEqual([`1 user in ${file}; velha server import-users reads it`]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const other = joinPath(server.folder, "other");
    const imported = spawnSync(process.execPath, [velha, "server", "import-users", file, "--data", other]);
    expect(String(imported.stdout)).toMatch(/^1 user imported/);
    expect(await lines("--data", other, "users")).toEqual(["alan\t0 points\tactive\tno login"]);
  });

  it("sets log.txt aside and reads the certificate anew, and nobody is disconnected", async () => {
    const alan = await join(server, "alan");
    const [said = ""] = await lines("rotate");
    const aside = said.slice("What log.txt had is in ".length);
    expect(readFileSync(aside, "utf8")).toContain("User 'alan' successfully logged in");
    await alan.control.asks("list", "listACK;alan:free");
    await alan.tls.asks("passwd;wrong password;new password", "passwdERR;BAD_CREDENTIALS;…");
    await expect
      .poll(() => server.log)
      .toEqual(["log.txt was opened and the certificate read anew", "Operator: rotate: done"]);
    alan.close();
  });

  it("is reached through a socket for the owner alone, which answers nonsense with a reason", async () => {
    const path = joinPath(server.folder, "data", "admin.sock");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const [said, answer] of [
      ["nonsense\n", { ok: false, reason: "that was no request" }],
      ['["fly"]\n', { ok: false, reason: expect.stringContaining("no command 'fly'") }],
    ] as const) {
      const socket = connectSocket(path);
      socket.write(said);
      expect(JSON.parse(await text(socket))).toEqual(answer);
    }
  });
});

it("reaches a server whose data folder has a path that is too long for a socket", async () => {
  const folder = joinPath(server.folder, "f".repeat(120));
  cpSync(joinPath(server.folder, "certs"), joinPath(folder, "certs"), { recursive: true });
  const deep = await ServerProcess.start([], folder);
  expect(deep.stderr).toBe("");
  const alan = await join(deep, "alan");
  const data = joinPath(folder, "data");
  expect(await lines("--data", data, "users")).toEqual([expect.stringMatching(/^alan\t.*\tonline$/)]);
  alan.close();
  await deep.interrupt();
  expect(readdirSync(data)).not.toContain("admin.sock");
  await deep.dispose();
});

it("does the same to the data of a server that does not run, even after a crash", async () => {
  const alan = await join(server, "alan");
  alan.close();
  await server.interrupt("SIGKILL");
  expect(await lines("ban", "alan")).toEqual(["alan is banned."]);
  expect(await lines("users")).toEqual([expect.stringMatching(/^alan\t0 points\tbanned\tno login$/)]);
  expect(server.log).toContain("Operator: ban alan: done");
});

describe("backups", () => {
  const backup = () => joinPath(server.folder, "backup.db");

  /** Registers one user after another until `stop`; returns those acknowledged so far. */
  async function register(): Promise<{ users: string[]; stop(): Promise<void> }> {
    const users: string[] = [];
    let isOver = false;
    const load = (async () => {
      const client = await connect(server);
      for (let index = 0; !isOver; index++) {
        await client.tls.asks(`adduser;user${index};${PASSWORD}`, `adduserACK;user${index}`);
        users.push(`user${index}`);
      }
      client.close();
    })();
    await expect.poll(() => users.length).toBeGreaterThan(20);
    return {
      users,
      async stop() {
        isOver = true;
        await load;
      },
    };
  }

  it("taken under load have all that was acknowledged before, and replace what a killed server had", async () => {
    await server.dispose();
    server = await ServerProcess.start(["--attempt-limits", "off"]);
    const load = await register();
    const acknowledged = [...load.users];
    expect(await lines("backup", backup())).toEqual([`All that was acknowledged is in ${backup()}`]);
    await load.stop();
    expect(statSync(backup()).mode & 0o777).toBe(0o600);
    expect(await lines("check", backup())).toEqual([`${backup()} has no damage`]);
    expect(await lines("check")).toEqual(["velha.db has no damage"]);
    const folder = joinPath(server.folder, "data");
    expect(await admin("restore", backup())).toMatchObject({
      stderr: expect.stringMatching(/^a server runs on .*; stop it first\n$/),
      code: 1,
    });
    await server.interrupt("SIGKILL");
    writeFileSync(joinPath(folder, "velha.db"), "nothing of a database".repeat(1_000));
    expect(await lines("restore", backup())).toHaveLength(2);
    expect(readdirSync(folder).filter((name) => /snapshot|unfinished/.test(name))).toEqual([]);
    const again = await ServerProcess.start([], server.folder);
    const users = new Set((await lines("users")).map((line) => line.split("\t")[0]));
    expect(acknowledged.filter((user) => !users.has(user))).toEqual([]);
    expect(again.log.join("\n")).not.toContain("Trouble");
    await again.dispose();
  });

  it("are refused when they are damaged, are none, or exist already", async () => {
    await lines("backup", backup());
    expect((await admin("backup", backup())).stderr).toMatch(/exists; name a new file\n$/);
    const other = joinPath(server.folder, "other.db");
    writeFileSync(other, "");
    expect((await admin("check", other)).stderr).toMatch(/it is no database of velha\n$/);
    const bytes = readFileSync(backup());
    bytes.fill(0x55, 4_096, 12_288);
    writeFileSync(other, bytes);
    await server.interrupt("SIGKILL");
    expect(await admin("restore", other)).toMatchObject({ stdout: "", code: 1 });
    const again = await ServerProcess.start([], server.folder);
    await again.dispose();
  });

  it("that are a bare copy of the file of a running server have what was there before, and are reported", async () => {
    const alan = await join(server, "alan");
    alan.close();
    const copied = mkdtempSync(joinPath(tmpdir(), "velha-copy-"));
    mkdirSync(joinPath(copied, "data"));
    copyFileSync(joinPath(server.folder, "data", "velha.db"), joinPath(copied, "data", "velha.db"));
    const certs = joinPath(server.folder, "certs");
    cpSync(certs, joinPath(copied, "certs"), { recursive: true });
    const copy = await ServerProcess.start([], copied);
    expect(copy.stderr).toMatch(/velha\.db was copied or moved without its log .* admin backup\n$/);
    expect(copy.log).toContainEqual(expect.stringMatching(/^Trouble: .*without its log/));
    await copy.dispose();
    rmSync(copied, { recursive: true });
  });
});

it("says in one line what is wrong", async () => {
  expect(await admin("show", "nobody")).toEqual({
    stdout: "",
    stderr: "there is no user nobody; users lists them\n",
    code: 1,
  });
  expect(await admin("fly")).toMatchObject({ stderr: expect.stringMatching(/^error: /), code: 2 });
  const empty = mkdtempSync(joinPath(tmpdir(), "velha-empty-"));
  expect(await admin("--data", empty, "users")).toMatchObject({
    stderr: expect.stringMatching(/^there is no velha\.db in .* --data\n$/),
    code: 1,
  });
  rmSync(empty, { recursive: true });
});
