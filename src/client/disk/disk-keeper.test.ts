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

describe("a saved session", () => {
  it("is found by the next client, up to the last action", () => {
    const kept = keptByAlan();
    leave(kept);
    const keeper = newKeeper();
    expect(keeper.free()).toEqual([{ id: "session1", user: "alan", hasMatch: true }]);
    expect(keeper.take("session1")).toEqual(kept);
  });

  it("can be read only by its owner", () => {
    leave({ login: loginOf("alan"), matches: [] });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it("leaves no file once there is nothing to save", () => {
    const keeper = newKeeper();
    keeper.keep({ login: loginOf("alan"), matches: [] });
    keeper.keep(nothingKept);
    keeper.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("stays as it was when a newer state cannot be written", () => {
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

  it("is written again when somebody has deleted the folder", () => {
    const keeper = newKeeper();
    keeper.keep({ login: loginOf("alan"), matches: [] });
    rmSync(folder, { recursive: true });
    keeper.keep(keptByAlan());
    keeper.release();
    expect(users()).toEqual(["alan"]);
  });

  it("continues only at its own server", () => {
    leave({ login: loginOf("alan"), matches: [] }, "example.org:3000");
    expect(users()).toEqual([]);
    expect(users(newKeeper("example.org:3000"))).toEqual(["alan"]);
  });

  it("without a match is deleted when its token has expired", () => {
    leave({ login: loginOf("alan"), matches: [] });
    leave(keptByAlan());
    nowMs += 25 * HOUR_MS;
    expect(users()).toEqual([]);
    expect(readdirSync(folder)).toEqual(["session2.json"]);
  });

  it("keeps the age of its token when it is saved again", () => {
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
    "is ignored, and not deleted, when it cannot be read: %j",
    (text) => {
      newKeeper();
      writeFileSync(join(folder, "odd.json"), text);
      expect(users()).toEqual([]);
      expect(readFileSync(join(folder, "odd.json"), "utf8")).toBe(text);
    },
  );
});

describe("saved matches of a user who logs in with a password", () => {
  it("are recalled, and then saved only with the new session", () => {
    const { matches } = keptByAlan();
    leave({ login: null, matches });
    const keeper = newKeeper();
    expect(keeper.recall("ALAN")).toEqual(matches);
    keeper.keep({ login: loginOf("alan"), matches });
    keeper.release();
    expect(readdirSync(folder)).toEqual(["session2.json"]);
  });

  it("are not lost when the client dies before it has saved them", () => {
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

  it("that could not be read are available to others once they can be", () => {
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

  it("of another user are not recalled", () => {
    leave(keptByAlan());
    expect(newKeeper().recall("beto")).toEqual([]);
    expect(users()).toEqual(["alan"]);
  });

  it("are recalled without their login, which is over", () => {
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

  it("is neither offered, nor taken, nor recalled", () => {
    const keeper = newKeeper();
    expect(keeper.free()).toEqual([]);
    expect(keeper.take("session1")).toBeNull();
    keeper.recall("alan");
    expect(readdirSync(folder)).toContain("session1.json");
  });

  it("is available as soon as its process is dead, even after kill -9", async () => {
    other.kill("SIGKILL");
    await once(other, "exit");
    expect(users()).toEqual(["alan"]);
    expect(newKeeper().take("session1")).toMatchObject({ login: { user: "alan" } });
  });

  it("is not in use because of a later process with the same pid", () => {
    const [claim = ""] = readdirSync(folder).filter((name) => name.endsWith(".claim"));
    rmSync(join(folder, claim));
    writeFileSync(join(folder, `session1.${other.pid}-1.claim`), "");
    expect(users()).toEqual(["alan"]);
  });

  it("can be taken only once within one process, too", () => {
    const claim = Claim.take(folder, "session9");
    expect(claim).not.toBeNull();
    expect(Claim.take(folder, "session9")).toBeNull();
    claim?.release();
    expect(Claim.take(folder, "session9")).not.toBeNull();
  });
});

describe("a process", () => {
  it("has a unique identity", () => {
    expect(processIdentity(process.pid)).toMatch(new RegExp(`^${process.pid}-\\w+$`));
    expect(processIdentity(process.pid)).not.toBe(processIdentity(process.ppid));
  });

  it("that has ended has no identity", () => {
    expect(processIdentity(2 ** 22 + 1)).toBeNull();
  });
});
