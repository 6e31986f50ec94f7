import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../shared/clock/manual-clock.fixture.ts";
import { EventLog } from "./event-log.ts";
import { openLogFile } from "./log-file.ts";
import { tempDirectory } from "./temp-directory.fixture.ts";

let path: string;
let clock: ManualClock;
let log: EventLog;

beforeEach(() => {
  path = join(tempDirectory(), "log.txt");
  clock = new ManualClock();
  log = new EventLog(openLogFile(path), clock);
});

/** The lines without their times. */
function lines(): string[] {
  log.close();
  const all = readFileSync(path, "utf8").split("\n");
  expect(all.pop()).toBe("");
  return all.map((line) => {
    expect(line).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d\] [\x20-\x7e]+$/);
    return line.slice(29);
  });
}

describe("log.txt", () => {
  it("writes the old program's four events in the same words", () => {
    log.started(3050);
    log.connected("127.0.0.1", 58914);
    log.loggedIn("leandro", "127.0.0.1");
    log.shuttingDown();
    expect(lines()).toEqual([
      "Server started listening in port 3050",
      "Client connected from ip 127.0.0.1 and port 58914",
      "User 'leandro' successfully logged in from ip 127.0.0.1",
      "Server shutting down",
    ]);
  });

  it("stamps local time with its time zone", () => {
    log.started(3000);
    log.close();
    const time = new Date(clock.nowMs());
    const text = readFileSync(path, "utf8");
    expect(new Date(text.slice(1, 20).replace(" ", "T")).getTime()).toBe(time.getTime());
    expect(new Date(text.slice(1, 27).replace(" ", "T").replace(" ", "")).getTime()).toBe(time.getTime());
  });

  it("records what changes accounts, and a limit that was reached once a minute for each address", () => {
    log.registered("alan", "10.0.0.1");
    log.passwordChanged("alan", "10.0.0.1");
    for (const ip of ["10.0.0.1", "10.0.0.1", "10.0.0.2"]) log.limited("login", ip, 12);
    expect(lines()).toEqual([
      "User 'alan' was created from ip 10.0.0.1",
      "User 'alan' changed the password from ip 10.0.0.1",
      "Told to wait 12 s: login from ip 10.0.0.1",
      "Told to wait 12 s: login from ip 10.0.0.2",
    ]);
  });

  it("reports how the last run ended, and which matches were on", () => {
    const matches = [
      { matchId: "m1", inviter: "alan", invitee: "beto" },
      { matchId: "m2", inviter: "carla", invitee: "dora" },
    ];
    log.lastRun(true, []);
    log.lastRun(false, matches);
    log.lastRun(true, matches.slice(1));
    log.lastRun(false, matches.slice(1));
    log.lastRun(false, []);
    expect(lines()).toEqual([
      "Last run ended normally",
      "Last run ended unexpectedly; 2 matches were on",
      "Match m1 between 'alan' and 'beto' is still on",
      "Match m2 between 'carla' and 'dora' is still on",
      "Last run ended normally",
      "Match m2 between 'carla' and 'dora' is still on",
      "Last run ended unexpectedly; 1 match was on",
      "Match m2 between 'carla' and 'dora' is still on",
      "Last run ended unexpectedly; 0 matches were on",
    ]);
  });

  it("reports matches, failed logins, logouts and lost heartbeats", () => {
    const match = { matchId: "m", inviter: "alan", invitee: "beto" };
    log.loginFailed("alan", "::1");
    log.loggedOut("alan", "::1");
    log.disconnected("::1", 5);
    log.heartbeatLost("alan", "::1", 5);
    log.heartbeatLost(null, "::1", 5);
    log.matchStarted("m", "alan", "beto");
    log.trouble("the disk is full");
    for (const outcome of ["X", "O", "draw", "void"] as const) log.matchEnded({ ...match, outcome });
    expect(lines()).toEqual([
      "User 'alan' failed to log in from ip ::1",
      "User 'alan' logged out from ip ::1",
      "Client disconnected from ip ::1 and port 5",
      "Heartbeat lost: user 'alan' from ip ::1 and port 5",
      "Heartbeat lost: client from ip ::1 and port 5",
      "Match m started between 'alan' and 'beto'",
      "Trouble: the disk is full",
      "Match m ended between 'alan' and 'beto': winner 'alan'",
      "Match m ended between 'alan' and 'beto': winner 'beto'",
      "Match m ended between 'alan' and 'beto': draw",
      "Match m ended between 'alan' and 'beto': void",
    ]);
  });

  it("escapes line ends, colours and quotes of clients", () => {
    log.loginFailed("x'\n[2021-06-20 15:50:00] Server shutting down\r\u001b[2J\u202e%0A\u00e9", "::1");
    log.loginFailed("y".repeat(5_000), "::1");
    expect(lines()).toEqual([
      "User 'x%27%0A[2021-06-20 15:50:00] Server shutting down%0D%1B[2J%E2%80%AE%250A%C3%A9' failed to log in from ip ::1",
      `User '${"y".repeat(64)}...' failed to log in from ip ::1`,
    ]);
  });

  it("writes at most one line a minute for an offending address", () => {
    for (let index = 0; index < 100; index++) log.violation("1.1.1.1", `line ${index}`);
    log.violation("2.2.2.2", "\u0007");
    clock.advance(60_000);
    log.violation("1.1.1.1", "again");
    expect(lines()).toEqual([
      "Protocol violation from ip 1.1.1.1: line 0",
      "Protocol violation from ip 2.2.2.2: %07",
      "Protocol violation from ip 1.1.1.1: again",
    ]);
  });

  it("logs 100 clients of one address in a minute, then one line for the rest", () => {
    const written = Array.from({ length: 1_000 }, (_, port) => log.connected("1.1.1.1", port));
    expect(written.filter(Boolean)).toHaveLength(100);
    expect(lines()).toHaveLength(101);
    expect(lines().at(-1)).toBe(
      "Protocol violation from ip 1.1.1.1: more than 100 clients a minute, not logged one by one",
    );
    expect(log.connected("2.2.2.2", 1)).toBe(true);
    clock.advance(60_000);
    expect(log.connected("1.1.1.1", 1)).toBe(true);
  });

  it("is appended to, and only its owner can read it", () => {
    log.started(1);
    log.close();
    log = new EventLog(openLogFile(path), clock);
    log.started(2);
    expect(lines()).toHaveLength(2);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("ignores events once it is closed", () => {
    log.shuttingDown();
    log.close();
    log.disconnected("::1", 5);
    expect(lines()).toEqual(["Server shutting down"]);
  });

  it("that cannot be opened prevents the start, with an error that says what to do", () => {
    expect(() => openLogFile(join(path, "log.txt"))).toThrow(
      /cannot write .*; change its permissions or name/,
    );
  });
});

describe("a disk on which lines cannot be written", () => {
  /** Takes none while it has no room. */
  class Disk {
    hasRoom = false;
    content = "";
    append(lines: string): void {
      if (!this.hasRoom) throw new Error("ENOSPC");
      this.content += lines;
    }
    close(): void {}
  }

  it("gets the lines when it has space again, up to a limit, and the log says how many were lost", async () => {
    const disk = new Disk();
    const waiting = new EventLog(disk, clock);
    for (let turn = 1; turn <= 100; turn++) {
      waiting.trouble(`${turn} ${"x".repeat(1_000)}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    disk.hasRoom = true;
    waiting.shuttingDown();
    await new Promise((resolve) => setImmediate(resolve));
    waiting.close();
    const written = disk.content.trimEnd().split("\n");
    const lost = 101 - (written.length - 1);
    expect(lost).toBeGreaterThan(20);
    expect(written.length).toBeGreaterThan(50);
    expect(written[0]).toContain("Trouble: 1 x");
    expect(written.at(-1)).toMatch(new RegExp(`${lost} lines were lost while they could not be written$`));
  });
});

it.runIf(process.platform === "linux")("is reported once, and nothing is thrown", async () => {
  const troubles: string[] = [];
  const full = new EventLog(openLogFile("/dev/full"), clock, (reason) => troubles.push(reason));
  for (let turn = 0; turn < 3; turn++) {
    full.started(turn);
    await new Promise((resolve) => setImmediate(resolve));
  }
  full.close();
  expect(troubles).toEqual([expect.stringMatching(/^cannot write log.txt \(ENOSPC.*or are lost$/)]);
});
