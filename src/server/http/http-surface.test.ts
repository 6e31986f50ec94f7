// The HTTP surface of the compiled server, asked as Prometheus, a script and a browser ask; `npm test` compiles it first.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { join, startMatch } from "../../../test/wire/whole-client.ts";
import { MAX_READERS } from "./live-feed.ts";

const program = fileURLToPath(new URL("../../../dist/src/server/main.js", import.meta.url));
const CHROMIUM = "/usr/bin/chromium";

let folder: string;
let child: ChildProcess;
let ports: { port: number; tlsPort: number };
let url: string;

function start(data: string, ...options: string[]): ChildProcess {
  const place = ["--data", joinPath(folder, data), "--certs", joinPath(folder, "certs")];
  return spawn(process.execPath, [program, "0", "--host", "127.0.0.1", ...place, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

beforeAll(async () => {
  folder = mkdtempSync(joinPath(tmpdir(), "velha-http-"));
  child = start("data", "--http", "0", "--heartbeat", "60");
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, port, tlsPort] = /port (\d+), TLS port (\d+)/.exec(line) ?? [];
    if (port) ports = { port: Number(port), tlsPort: Number(tlsPort) };
    const [, found] = /^Live page and metrics at (\S+)$/.exec(line) ?? [];
    if (!found) continue;
    url = found;
    break;
  }
});

afterAll(() => {
  child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (path: string, options?: RequestInit) => {
  const response = await fetch(new URL(path, url), options);
  return { status: response.status, body: await response.text() };
};

it("reports that it is alive and ready, and is read-only", async () => {
  expect(await ask("healthz")).toEqual({ status: 200, body: '{"status":"ok"}' });
  expect(await ask("readyz")).toEqual({ status: 200, body: '{"status":"ready"}' });
  expect((await ask("api/players", { method: "POST", body: "x" })).status).toBe(404);
  expect((await ask("api/players?limit=0")).status).toBe(400);
});

it("listens on loopback only, by default", async () => {
  expect(new URL(url).hostname).toBe("127.0.0.1");
  const elsewhere = new URL(url);
  elsewhere.hostname = "127.0.0.2";
  await expect(fetch(elsewhere)).rejects.toThrow("fetch failed");
});

it("refuses requests for a foreign host name", async () => {
  const status = await new Promise((resolve) =>
    get(url, { headers: { host: "evil.example" } }, (response) => resolve(response.statusCode)),
  );
  expect(status).toBe(421);
});

it("ends a request that is not complete after 5 s", async () => {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  const startMs = performance.now();
  socket.write("GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n");
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  expect(performance.now() - startMs).toBeLessThan(8_000);
});

it("counts connections, logins and matches, lists players in pages, and shows them on the live page", async (context) => {
  const [alan, beto] = [await join(ports, "Alan"), await join(ports, "Beto")];
  await beto.tls.asks("login;Alan;wrong password", "loginERR;BAD_CREDENTIALS;…");
  await startMatch(alan, beto);
  const { body } = await ask("metrics");
  for (const line of [
    'velha_connections{flow="control"} 2',
    'velha_connections{flow="heartbeat"} 2',
    'velha_logins_total{result="good"} 2',
    'velha_logins_total{result="bad"} 1',
    "velha_matches_started_total 1",
    "velha_matches_open 1",
    "velha_store_in_trouble 0",
    'velha_event_loop_delay_seconds_bucket{le="+Inf"}',
    "process_resident_memory_bytes",
  ])
    expect(body).toContain(line);
  expect(JSON.parse((await ask("api/players?limit=1")).body)).toEqual({
    offset: 0,
    nextOffset: 1,
    players: [{ user: "Alan", isPlaying: true }],
  });
  expect(JSON.parse((await ask("api/leaders?offset=1")).body)).toEqual({
    offset: 1,
    nextOffset: null,
    leaders: [{ user: "Beto", points: 0 }],
  });
  expect(JSON.parse((await ask("api/servers")).body)).toEqual({
    servers: [{ server: "", users: 2, isThis: true }],
  });
  if (!existsSync(CHROMIUM) && !process.env.CI) return context.skip(`Chromium is not at ${CHROMIUM}`);
  await showsOnAPhone();
  for (const client of [alan, beto]) client.close();
});

async function showsOnAPhone(): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 375, height: 800 }, colorScheme: "dark" });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", ({ message }) => complaints.push(message));
    await page.goto(url, { waitUntil: "domcontentloaded" });
    await page.waitForSelector("#status.live");
    await page.locator("#players tr").nth(1).waitFor();
    expect(await page.locator("#players").innerText()).toMatch(/Alan\s+playing\s+Beto\s+playing/);
    expect(await page.locator("#servers-section").isVisible()).toBe(false);
    // A figure of the newest sample, which may be older than the match.
    await page.locator("#matches-open", { hasText: /^1$/ }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(375);
    await page.locator("figure").first().focus();
    await page.keyboard.press("Home");
    expect(await page.locator(".u-cursor-x:not(.u-off)").count()).toBe(5);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
}

it("ends with one line and exit code 1 when its port is taken", async () => {
  const second = start("other", "--http", new URL(url).port);
  const [stderr, [code]] = await Promise.all([text(second.stderr!), once(second, "exit")]);
  expect(stderr).toMatch(/^cannot listen on 127\.0\.0\.1 port \d+: [^\n]+\n$/);
  expect(code).toBe(1);
});

it("accepts a limited number of readers, and disconnects them when it stops", async () => {
  const readers = await Promise.all(Array.from({ length: MAX_READERS }, () => fetch(new URL("events", url))));
  expect(readers.every(({ status }) => status === 200)).toBe(true);
  expect((await ask("events")).status).toBe(503);
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  await Promise.all(readers.map((reader) => reader.text().catch(() => "")));
});
