import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Table } from "../session/driven-session.fixture.ts";
import { type Kept, nothingKept } from "../session/kept.ts";
import { Claim } from "./claim.ts";
import { DiskKeeper } from "./disk-keeper.ts";
import { processIdentity } from "./process-identity.ts";

const HOUR_MS = 3_600_000;

let folder: string;
let nowMs: number;
let lastId: number;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "velha-kept-")), "sessions");
  nowMs = 1_700_000_000_000;
  lastId = 0;
});

afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const newKeeper = (server = "127.0.0.1:3000") =>
  new DiskKeeper({ folder, server, newId: () => `session${++lastId}`, nowMs: () => nowMs });

const loginOf = (user: string) => ({ user, token: `token of ${user}`, privateKey: "a key" });

/** As a client leaves it that is killed. */
function leave(kept: Kept, server?: string): void {
  const keeper = newKeeper(server);
  keeper.keep(kept);
  keeper.release();
}

/** What Alan has on disk in a match after two moves. */
function keptByAlan(): Kept {
  const table = new Table();
  table.play("22 11");
  return table.alan.disk;
}

const users = (keeper = newKeeper()) => keeper.free().map(({ user }) => user);

describe("what a client keeps", () => {
  it("is there for the next, to the last action", () => {
    const kept = keptByAlan();
    leave(kept);
    const keeper = newKeeper();
    expect(keeper.free()).toEqual([{ id: "session1", user: "alan", hasMatch: true }]);
    expect(keeper.take("session1")).toEqual(kept);
  });

  it("is for its owner alone", () => {
    leave({ login: loginOf("alan"), matches: [] });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it("leaves no file once there is nothing to keep", () => {
    const keeper = newKeeper();
    keeper.keep({ login: loginOf("alan"), matches: [] });
    keeper.keep(nothingKept);
    keeper.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("stays as it was when it cannot be written anew", () => {
    const keeper = newKeeper();
    const before = { login: loginOf("alan"), matches: [] };
    keeper.keep(before);
    const obstacle = join(folder, "session1.json.new");
    mkdirSync(obstacle);
    expect(() => keeper.keep(keptByAlan())).toThrow(/EISDIR/);
    rmSync(obstacle, { recursive: true });
    keeper.release();
    expect(newKeeper().take("session1")).toEqual(before);
  });

  it("is written again when somebody has cleared the folder away", () => {
    const keeper = newKeeper();
    keeper.keep({ login: loginOf("alan"), matches: [] });
    rmSync(folder, { recursive: true });
    keeper.keep(keptByAlan());
    keeper.release();
    expect(users()).toEqual(["alan"]);
  });

  it("goes on only at its own server", () => {
    leave({ login: loginOf("alan"), matches: [] }, "example.org:3000");
    expect(users()).toEqual([]);
    expect(users(newKeeper("example.org:3000"))).toEqual(["alan"]);
  });

  it("without a match is cleared away when its token has expired", () => {
    leave({ login: loginOf("alan"), matches: [] });
    leave(keptByAlan());
    nowMs += 25 * HOUR_MS;
    expect(users()).toEqual([]);
    expect(readdirSync(folder)).toEqual(["session2.json"]);
  });

  it("does not get older by being kept again", () => {
    const keeper = newKeeper();
    const login = loginOf("alan");
    keeper.keep({ login, matches: [] });
    nowMs += 20 * HOUR_MS;
    keeper.keep({ login, matches: keptByAlan().matches });
    keeper.release();
    nowMs += 5 * HOUR_MS;
    expect(users()).toEqual([]);
  });

  it.each(["", "{", "[]", '{"version":2}', '{"version":1,"server":"127.0.0.1:3000","matches":[{}]}'])(
    "is left alone when it cannot be read: %j",
    (text) => {
      newKeeper();
      writeFileSync(join(folder, "odd.json"), text);
      expect(users()).toEqual([]);
      expect(readFileSync(join(folder, "odd.json"), "utf8")).toBe(text);
    },
  );
});

describe("matches of a user who logs in with a password", () => {
  it("are recalled, and kept in the new place alone", () => {
    const { matches } = keptByAlan();
    leave({ login: null, matches });
    const keeper = newKeeper();
    expect(keeper.recall("ALAN")).toEqual(matches);
    keeper.keep({ login: loginOf("alan"), matches });
    keeper.release();
    expect(readdirSync(folder)).toEqual(["session2.json"]);
  });

  it("are not lost when the client dies before it has kept them", () => {
    const { matches } = keptByAlan();
    leave({ login: null, matches });
    const keeper = newKeeper();
    keeper.recall("alan");
    keeper.release();
    expect(newKeeper().recall("alan")).toEqual(matches);
  });

  it("are not lost when the disk fails while they are recalled", () => {
    const { matches } = keptByAlan();
    leave({ login: null, matches });
    const odd = join(folder, "session9.json");
    mkdirSync(odd);
    const keeper = newKeeper();
    expect(() => keeper.recall("alan")).toThrow("EISDIR");
    rmdirSync(odd);
    keeper.keep({ login: loginOf("alan"), matches: [] });
    expect(keeper.recall("alan")).toEqual(matches);
  });

  it("of a place that could not be read are free for others once it can be", () => {
    const { matches } = keptByAlan();
    leave({ login: null, matches });
    const file = join(folder, "session1.json");
    renameSync(file, `${file}.aside`);
    mkdirSync(file);
    expect(() => newKeeper().recall("alan")).toThrow("EISDIR");
    rmdirSync(file);
    renameSync(`${file}.aside`, file);
    expect(newKeeper().recall("alan")).toEqual(matches);
  });

  it("are not another's", () => {
    leave(keptByAlan());
    expect(newKeeper().recall("beto")).toEqual([]);
    expect(users()).toEqual(["alan"]);
  });

  it("leave a login that is over behind", () => {
    leave({ login: loginOf("alan"), matches: [] });
    newKeeper().recall("alan");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a session in use", () => {
  let other: ChildProcess;

  beforeEach(() => {
    other = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    leave({ login: loginOf("alan"), matches: [] });
    writeFileSync(join(folder, `session1.${processIdentity(other.pid ?? 0)}.claim`), "");
  });

  afterEach(() => other.kill("SIGKILL"));

  it("is not free, not taken and not recalled", () => {
    const keeper = newKeeper();
    expect(keeper.free()).toEqual([]);
    expect(keeper.take("session1")).toBeNull();
    keeper.recall("alan");
    expect(readdirSync(folder)).toContain("session1.json");
  });

  it("is free as soon as its process is dead, even of kill -9", async () => {
    other.kill("SIGKILL");
    await once(other, "exit");
    expect(users()).toEqual(["alan"]);
    expect(newKeeper().take("session1")).toMatchObject({ login: { user: "alan" } });
  });

  it("is not held by a later process with the same number", () => {
    const [claim = ""] = readdirSync(folder).filter((name) => name.endsWith(".claim"));
    rmSync(join(folder, claim));
    writeFileSync(join(folder, `session1.${other.pid}-1.claim`), "");
    expect(users()).toEqual(["alan"]);
  });

  it("is had once in one process, too", () => {
    const claim = Claim.take(folder, "session9");
    expect(claim).not.toBeNull();
    expect(Claim.take(folder, "session9")).toBeNull();
    claim?.release();
    expect(Claim.take(folder, "session9")).not.toBeNull();
  });
});

describe("a process", () => {
  it("has a name that no other process has", () => {
    expect(processIdentity(process.pid)).toMatch(new RegExp(`^${process.pid}-\\w+$`));
    expect(processIdentity(process.pid)).not.toBe(processIdentity(process.ppid));
  });

  it("that does not live has none", () => {
    expect(processIdentity(2 ** 22 + 1)).toBeNull();
  });
});
