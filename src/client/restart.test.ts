import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ServerProcess } from "../../test/servers/server-process.ts";
import { TypedClient } from "./terminal/typed-client.fixture.ts";

let firstServer: ServerProcess;
let server: ServerProcess;
let state: string;
const clients: TypedClient[] = [];
let count = 0;

beforeAll(async () => {
  firstServer = await ServerProcess.start(["--attempt-limits", "off"]);
  server = firstServer;
});

afterAll(async () => {
  await server.dispose();
  await firstServer.dispose();
});

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "velha-state-"));
});

afterEach(async () => {
  for (const client of clients) client.kill();
  await Promise.all(clients.splice(0).map((client) => client.ends()));
  rmSync(state, { recursive: true, force: true });
});

/** All clients of a test share its state folder, as two terminals of one person do. */
function start(args: string[] = []): TypedClient {
  const client = TypedClient.behindPipes(["127.0.0.1", String(server.port), ...args], "C.UTF-8", state);
  clients.push(client);
  return client;
}

async function startAs(user: string): Promise<TypedClient> {
  const client = start();
  client.enters(`adduser ${user} secret-of-${user}`);
  client.enters(`login ${user} secret-of-${user}`);
  await client.sees(`Logged in as ${user}\n`);
  return client;
}

async function crash(client: TypedClient): Promise<void> {
  client.kill();
  await client.ends();
}

/** Two players in a match whose link stands. */
async function startMatch(): Promise<{ x: string; o: string; inviter: TypedClient; invitee: TypedClient }> {
  count += 1;
  const [x, o] = [`xena${count}`, `otto${count}`];
  const [inviter, invitee] = [await startAs(x), await startAs(o)];
  inviter.enters(`begin ${o}`);
  await invitee.sees("Accept?");
  invitee.enters("y");
  await inviter.sees("Your move");
  inviter.enters("send 1 1");
  await invitee.sees(`${x} played 1 1`);
  await invitee.sees("Your move");
  return { x, o, inviter, invitee };
}

describe("a player whose process was killed in mid-match", () => {
  it("and who was the inviter dials again and plays on", async () => {
    const { x, o, inviter, invitee } = await startMatch();
    await crash(inviter);
    await invitee.sees(`No connection to ${x}`);
    invitee.enters("send 2 1");
    const back = start();
    await back.sees(`Back in the match with ${o}: you are X`);
    await invitee.sees(`${x} is connected again`);
    await back.sees(`${o} played 2 1`);
    back.enters("send 1 2");
    await invitee.sees(`${x} played 1 2`);
    invitee.enters("end");
    await back.sees("You won! +2 points");
    await invitee.sees("You lost");
  });

  it("and who was the invitee listens on the same ports again", async () => {
    const { x, o, inviter, invitee } = await startMatch();
    await crash(invitee);
    await inviter.sees(`No connection to ${o}`);
    const back = start();
    await back.sees(`Back in the match with ${x}: you are O`);
    await inviter.sees(`${o} is connected again`);
    back.enters("send 2 1");
    await inviter.sees(`${o} played 2 1`);
    inviter.enters("end");
    await back.sees("You won! +2 points");
  });

  it("rejoins while the server is away, and delivers the pending result when it is started again", async () => {
    const { x, o, inviter, invitee } = await startMatch();
    await server.interrupt("SIGKILL");
    await inviter.sees("The server is away");
    await crash(inviter);
    const back = start();
    await back.sees(`Back in the match with ${o}: you are X`);
    await back.sees("The server is away; trying to reach it. Your match goes on");
    await invitee.sees(`${x} is connected again`);
    back.enters("end");
    await back.sees("The result is kept and will be sent when the server is back: you lost");
    await crash(back);
    server = await ServerProcess.start(["--attempt-limits", "off"], server.folder, server.port);
    const again = start();
    await again.sees(`The result of ${x} against ${o} is still to be sent`);
    await again.sees(`Logged in as ${x}, as before`);
    await again.sees("You lost");
  });
});

it("continues when the state folder cannot be used", async () => {
  const client = start();
  await client.sees("Connected to");
  mkdirSync(join(state, "known-certificates"));
  client.enters("adduser frida secret-of-frida");
  await client.sees("EISDIR");
  rmdirSync(join(state, "known-certificates"));
  mkdirSync(join(state, "sessions", "odd.json"));
  client.enters("adduser frida secret-of-frida");
  client.enters("login frida secret-of-frida");
  await client.sees("Logged in as frida\n");
  await client.sees("EISDIR");
  client.enters("list");
  await client.sees("frida");
});

describe("a login continues after its program has ended", () => {
  it("in one program at a time, until the user types another or logs out", async () => {
    const first = await startAs("ines");
    first.enters("exit");
    await first.ends();
    const second = start();
    await second.sees("Logged in as ines, as before (login or logout to change that)");
    const third = start();
    third.endsInput();
    expect(await third.ends()).toBe(0);
    expect(third.raw).not.toContain("ines");
    second.enters("adduser lila secret-of-lila");
    second.enters("login lila secret-of-lila");
    await second.sees("Logged out\nLogged in as lila\n");
    second.enters("logout");
    second.enters("exit");
    await second.ends();
    const fourth = start();
    fourth.endsInput();
    expect(await fourth.ends()).toBe(0);
    expect(fourth.raw).not.toContain("Logged in");
  });

  it("after a question, where several could continue", async () => {
    for (const client of [await startAs("mara"), await startAs("nilo")]) await crash(client);
    const asked = start();
    await asked.sees("Several logins can continue here:\n  1  mara\n  2  nilo\nWhich one?");
    asked.enters("3");
    await asked.sees("Type a number from 1 to 2, or Enter for none");
    asked.enters("2");
    await asked.sees("Logged in as nilo, as before");
    await crash(asked);
    const scripted = start();
    scripted.enters("list");
    await scripted.sees("Connected users:");
    expect(scripted.raw).not.toContain("as before");
  });
});
