// The compiled server as a user starts it; `npm test` compiles it first.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { putCertificate } from "../../test/servers/server-certificate.ts";
import { RawConnection } from "../../test/wire/raw-connection.ts";
import { loadOrMakeCertificate } from "./certificate/certificate.ts";

const program = fileURLToPath(new URL("../../dist/src/server/main.js", import.meta.url));

let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "velha-server-"));
  await putCertificate(join(folder, "certs"));
  children = [];
});

afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  rmSync(folder, { recursive: true });
});

function start(...options: string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...options], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

/** Runs until it exits. */
async function run(...options: string[]) {
  const child = start(...options);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout as NonNullable<typeof child.stdout>),
    text(child.stderr as NonNullable<typeof child.stderr>),
    once(child, "exit"),
  ]);
  return { stdout, stderr, code: code as number | null };
}

/** Runs until it listens. */
async function listen(...options: string[]) {
  const child = start("0", "--host", "127.0.0.1", ...options);
  const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
  const printed: string[] = [];
  lines.on("line", (line) => printed.push(line));
  const [line] = (await once(lines, "line")) as [string];
  const [, port, tlsPort] = /^Listening on 127\.0\.0\.1 port (\d+), TLS port (\d+)$/.exec(line) ?? [];
  return { child, port: Number(port), tlsPort: Number(tlsPort), printed };
}

async function exitOf(child: ChildProcess): Promise<{ code: number | null; afterMs: number }> {
  const startMs = performance.now();
  const [code] = (await once(child, "exit")) as [number | null];
  return { code, afterMs: performance.now() - startMs };
}

function log(data = "data"): string[] {
  const lines = readFileSync(join(folder, data, "log.txt"), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => line.replace(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d\] /, ""));
}

describe("the command line", () => {
  it("prints its help", async () => {
    const { stdout, code } = await run("--help");
    for (const option of [
      "[port]",
      "--host",
      "--data",
      "--certs",
      "--heartbeat",
      "--min-password-length",
      "--attempt-limits",
      "import-users",
    ])
      expect(stdout).toContain(option);
    expect(code).toBe(0);
  });

  it("prints its version", async () => {
    expect(await run("--version")).toEqual({
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
      code: 0,
    });
  });

  it("refuses invalid arguments with one line and exit code 2", async () => {
    const { stdout, stderr, code } = await run("abc");
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(code).toBe(2);
  });
});

describe("starting", () => {
  it("prints where it listens, with TLS on the next free port, and where its files are, and logs how the last run ended", async () => {
    const { child, port, printed } = await listen();
    const control = await RawConnection.open(port);
    const { tlsPort } = await control.sees("secport;<tlsPort>;<id>");
    expect(Number(tlsPort)).toBeGreaterThan(port);
    child.kill("SIGKILL");
    await once(child, "exit");
    const second = await listen();
    second.child.kill("SIGTERM");
    await once(second.child, "exit");
    const third = await listen();
    expect(printed.slice(1)).toEqual([
      `Data in ${join(folder, "data")}, certificate in ${join(folder, "certs")}`,
    ]);
    const lines = log();
    expect(lines[0]).toBe(`Server started listening in port ${port}`);
    expect(lines[1]).toBe("Last run ended normally");
    const starts = lines.flatMap((line, index) =>
      line.startsWith("Server started") ? [lines[index + 1]] : [],
    );
    expect(starts.slice(1)).toEqual([
      "Last run ended unexpectedly; 0 matches were on",
      "Last run ended normally",
    ]);
    third.child.kill("SIGKILL");
  });

  it("skips a TLS port that is in use", async () => {
    const taken = createServer();
    const { child, port, tlsPort } = await listen();
    child.kill("SIGKILL");
    await once(child, "exit");
    await once(taken.listen(tlsPort, "127.0.0.1"), "listening");
    const again = start(String(port), "--host", "127.0.0.1");
    const [line] = await once(
      createInterface({ input: again.stdout as NonNullable<typeof again.stdout> }),
      "line",
    );
    taken.close();
    const [, samePort, nextTlsPort] = /port (\d+), TLS port (\d+)$/.exec(line as string) ?? [];
    expect(Number(samePort)).toBe(port);
    // Others of this machine may have taken some more.
    expect(Number(nextTlsPort)).toBeGreaterThan(tlsPort);
  });

  it.each([
    ["a main port in use", (port: number) => [String(port), "--host", "127.0.0.1", "--data", "other"]],
    ["a data folder that another server holds", () => ["0", "--host", "127.0.0.1"]],
    ["an address of another machine", () => ["0", "--host", "192.0.2.1", "--data", "other"]],
  ])("ends with one line and exit code 1 for %s", async (_, options) => {
    const { port } = await listen();
    const { stdout, stderr, code } = await run(...options(port));
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(code).toBe(1);
  });

  it("ends with one line and exit code 1 for a certificate that cannot be read", async () => {
    writeFileSync(join(folder, "odd"), "not a folder");
    const { stderr, code } = await run("0", "--certs", "odd");
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(code).toBe(1);
  });
});

describe("stopping", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("on %s says goodbye, logs it and exits 0", async (signal) => {
    const { child, port } = await listen();
    const control = await RawConnection.open(port);
    await control.sees("secport;…");
    child.kill(signal);
    await control.sees("disconnect;SHUTDOWN");
    await control.seesClose();
    expect((await exitOf(child)).code).toBe(0);
    expect(log().at(-1)).toBe("Server shutting down");
  });

  it("exits within 2 s even if clients neither read nor close, stall in a handshake, or hold TLS open", async () => {
    const { child, port, tlsPort } = await listen();
    const stubborn = await RawConnection.open(port);
    await stubborn.sees("secport;…");
    stubborn.socket.pause();
    const stalled = await RawConnection.open(tlsPort);
    stalled.saysBytes(Buffer.from([0x16, 0x03, 0x01]));
    await RawConnection.openTls(tlsPort);
    child.kill("SIGINT");
    const { code, afterMs } = await exitOf(child);
    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(2_000);
  });

  it("counts two signals within a second as one", async () => {
    const { child } = await listen();
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect((await exitOf(child)).code).toBe(0);
    expect(log().filter((line) => line === "Server shutting down")).toHaveLength(1);
  });
});

describe("SIGHUP", () => {
  const fingerprint = async (tlsPort: number) => {
    const tls = await RawConnection.openTls(tlsPort);
    const { fingerprint256 } = (tls.socket as TLSSocket).getPeerCertificate();
    tls.close();
    return fingerprint256;
  };

  it("opens log.txt and reads the certificate anew, and nobody is disconnected", async () => {
    const { child, port, tlsPort } = await listen();
    const control = await RawConnection.open(port);
    await control.sees("secport;…");
    const before = await fingerprint(tlsPort);
    renameSync(join(folder, "data", "log.txt"), join(folder, "data", "moved.txt"));
    rmSync(join(folder, "certs"), { recursive: true });
    await loadOrMakeCertificate(join(folder, "certs"));
    child.kill("SIGHUP");
    await expect
      .poll(() => existsSync(join(folder, "data", "log.txt")) && log())
      .toContain("log.txt was opened and the certificate read anew");
    expect(await fingerprint(tlsPort)).not.toBe(before);
    await control.asks("list", "listACK");
    control.close();
  });

  it("keeps the certificate that it has when the new one cannot be read, and says so", async () => {
    const { child, tlsPort } = await listen();
    const before = await fingerprint(tlsPort);
    writeFileSync(join(folder, "certs", "cert.pem"), "nonsense");
    child.kill("SIGHUP");
    await expect.poll(log).toContainEqual(expect.stringMatching(/^Trouble: .*cert\.pem cannot be parsed/));
    expect(await fingerprint(tlsPort)).toBe(before);
  });
});

describe("import-users", () => {
  it("imports the accounts of a users.txt", async () => {
    writeFileSync(join(folder, "users.txt"), "caio\t123456\nleandro\tabcdefg\t3\n");
    expect(await run("import-users", "users.txt")).toMatchObject({ code: 0, stderr: "" });
    const { port } = await listen();
    const control = await RawConnection.open(port);
    await control.sees("secport;…");
    await control.asks("leaders", "leadersACK;leandro:3;caio:0");
    control.close();
  });

  it("names a wrong line and imports nothing", async () => {
    writeFileSync(join(folder, "users.txt"), "caio\t123456\nleandro\n");
    const { stdout, stderr, code } = await run("import-users", "users.txt");
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^[^\n]*line 2[^\n]*\n$/);
    expect(code).toBe(1);
  });
});
