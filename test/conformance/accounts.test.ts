// docs/PROTOCOL.md §2: the requests over TLS.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunningServer } from "../../src/server/server.ts";
import { ServerProcess } from "../servers/server-process.ts";
import { startTemporaryServer } from "../servers/temporary-server.ts";
import { comeBack, connect, join, PASSWORD, type WholeClient } from "../wire/whole-client.ts";

type Stranger = Awaited<ReturnType<typeof connect>>;

const KEY = Buffer.alloc(32, 3).toString("base64url");

/** Each block of tests has its own server, because of the limit of registrations per minute. */
function withServer(): { server: RunningServer; stranger: Stranger } {
  const here = {} as { server: RunningServer; stranger: Stranger };
  beforeAll(async () => {
    here.server = await startTemporaryServer();
  });
  afterAll(() => here.server.stop());
  beforeEach(async () => {
    here.stranger = await connect(here.server);
  });
  afterEach(() => here.stranger.close());
  return here;
}

describe("adduser: names", () => {
  const here = withServer();
  test.each([
    ["nothing", ""],
    ["a space", "a b"],
    ["33 characters", "x".repeat(33)],
    ["a separator", "a%3Bb"],
    ["a letter beyond ASCII", "ol%C3%A1"],
    ["a NUL", "a%00"],
  ])("with %s is BAD_NAME", async (_, name) => {
    await here.stranger.tls.asks(`adduser;${name};${PASSWORD}`, "adduserERR;BAD_NAME;…");
  });

  test.each(["x".repeat(32), "A-z_0.9", "7"])("%s is a name", async (name) => {
    await here.stranger.tls.asks(`adduser;${name};${PASSWORD}`, `adduserACK;${name}`);
  });

  test("that differ only in case are the same user, which is checked first", async () => {
    await here.stranger.tls.asks("adduser;A-Z_0.9;short", "adduserERR;USER_EXISTS;…");
  });

  test("beyond the limit per minute are TRY_LATER, with seconds", async () => {
    const { seconds } = await here.stranger.tls.asks(
      `adduser;OneMore;${PASSWORD}`,
      "adduserERR;TRY_LATER;<seconds>;…",
    );
    expect(Number(seconds)).toBeGreaterThan(0);
    expect(Number(seconds)).toBeLessThanOrEqual(60);
  });
});

describe("adduser: passwords", () => {
  const here = withServer();
  test.each([
    ["7 bytes", "1234567"],
    ["129 bytes", "x".repeat(129)],
    ["65 letters of two bytes", "%C3%A1".repeat(65)],
    ["a control character", "correct%0Ahorse"],
    ["a control character beyond ASCII", "correct%C2%85horse"],
  ])("of %s is BAD_PASSWORD", async (_, password) => {
    await here.stranger.tls.asks(`adduser;Alan;${password}`, "adduserERR;BAD_PASSWORD;…");
  });

  test.each([
    ["8 bytes", "Eight", "12345678"],
    ["128 bytes", "Long", "x".repeat(128)],
    ["4 letters of two bytes", "Accents", "%C3%A1%C3%A9%C3%AD%C3%B3"],
    ["a separator and an escape", "Odd", "a%3Bb%25c de"],
  ])("of %s is one, and logs in", async (_, name, password) => {
    await here.stranger.tls.asks(`adduser;${name};${password}`, `adduserACK;${name}`);
    await here.stranger.tls.asks(`login;${name};${password}`, `loginACK;${name};<token>`);
  });
});

test("--min-password-length lowers the minimum of 8", async () => {
  const server = await ServerProcess.start(["--min-password-length", "3"]);
  const { tls, close } = await connect(server);
  await tls.asks("adduser;Alan;12", "adduserERR;BAD_PASSWORD;…");
  await tls.asks("adduser;Alan;123", "adduserACK;Alan");
  close();
  await server.dispose();
});

describe("login", () => {
  const here = withServer();
  let alan: WholeClient;
  beforeAll(async () => {
    alan = await join(here.server, "Alan");
    alan.close();
  });

  test("returns the name as registered and a token of 32 bytes; the control connection is logged in", async () => {
    const { tls, control } = here.stranger;
    const { token } = await tls.asks(`login;aLAN;${PASSWORD};${KEY}`, "loginACK;Alan;<token>");
    expect(Buffer.from(token as string, "base64url")).toHaveLength(32);
    await control.asks("list", "listACK;Alan:free");
  });

  test("gives the same answer to a wrong password, an unknown user and an invalid name", async () => {
    const { tls } = here.stranger;
    const answers = new Set<string>();
    for (const login of ["Alan;wrong", "Nobody;wrong", `a b;${PASSWORD}`, `;${PASSWORD}`, "Alan;"]) {
      tls.says(`login;${login}`);
      answers.add(await tls.nextLine());
    }
    expect([...answers]).toEqual([expect.stringMatching(/^loginERR;BAD_CREDENTIALS;/)]);
  });

  test("takes as long for an unknown user: a hash is verified", async () => {
    const quickestMs = async (requests: string[]) => {
      const elapsedMs: number[] = [];
      for (const request of requests) {
        const startMs = performance.now();
        await here.stranger.tls.asks(request, "…");
        elapsedMs.push(performance.now() - startMs);
      }
      return Math.min(...elapsedMs);
    };
    const withoutHashMs = await quickestMs(Array(30).fill("resume;AAAA"));
    const unknownMs = await quickestMs(["login;Nobody1;wrong", "login;Nobody2;wrong", "login;Nobody3;wrong"]);
    expect(unknownMs).toBeGreaterThan(3 * withoutHashMs);
  });

  test("twice on one connection is ALREADY_LOGGED_IN, after the password was checked", async () => {
    const { tls } = here.stranger;
    await tls.asks(`login;Alan;${PASSWORD}`, "loginACK;Alan;<token>");
    await tls.asks("login;Alan;wrong", "loginERR;BAD_CREDENTIALS;…");
    await tls.asks(`login;Alan;${PASSWORD}`, "loginERR;ALREADY_LOGGED_IN;…");
  });

  test("without a key permits list and leaders, but no match", async () => {
    const { tls, control } = here.stranger;
    await tls.asks(`login;Alan;${PASSWORD}`, "loginACK;Alan;<token>");
    await control.asks("begin;Nobody", "beginERR;NO_KEY;…");
    await control.asks("answer;Nobody;True;40001;Alan;40002", "answerERR;NO_KEY;…");
    await control.asks("answer;Nobody;False", "answerERR;NO_INVITATION;…");
  });

  test("too often with a wrong password is TRY_LATER, with seconds", async () => {
    const { tls } = here.stranger;
    let line: string;
    do {
      tls.says("login;Victim;wrong");
      line = await tls.nextLine();
    } while (line.startsWith("loginERR;BAD_CREDENTIALS;"));
    expect(line).toMatch(/^loginERR;TRY_LATER;\d+;/);
  });
});

describe("resume", () => {
  const here = withServer();
  let alan: WholeClient;
  beforeAll(async () => {
    alan = await join(here.server, "Alan");
  });
  afterAll(() => alan.close());

  test("with an unknown token is BAD_TOKEN", async () => {
    await here.stranger.tls.asks(`resume;${KEY}`, "resumeERR;BAD_TOKEN;…");
    await here.stranger.tls.asks("resume;AAAA", "resumeERR;BAD_TOKEN;…");
  });

  test("continues the session after exit with the same token, repeatedly", async () => {
    await alan.control.asks("exit", "exitACK");
    await alan.control.seesClose();
    for (let count = 0; count < 2; count++) {
      const back = await connect(here.server);
      await back.tls.asks(`resume;${alan.token};${KEY}`, `resumeACK;Alan;${alan.token}`);
      await back.control.asks("list", "listACK;Alan:free");
      await back.control.asks("begin;Alan", "beginERR;SELF;…");
      await back.control.asks("exit", "exitACK");
      await back.control.seesClose();
    }
  });

  test("while logged in is ALREADY_LOGGED_IN", async () => {
    await here.stranger.tls.asks(`resume;${alan.token}`, `resumeACK;Alan;${alan.token}`);
    await here.stranger.tls.asks(`resume;${alan.token}`, "resumeERR;ALREADY_LOGGED_IN;…");
  });

  test("outlives a server that is killed, and so does the ticket key", async () => {
    const first = await ServerProcess.start();
    const client = await join(first, "Alan");
    await first.interrupt("SIGKILL");
    client.close();
    const second = await ServerProcess.start([], first.folder);
    const back = await connect(second);
    await back.tls.asks(`resume;${client.token}`, `resumeACK;Alan;${client.token}`);
    expect(back.ticketKey).toBe(client.ticketKey);
    back.close();
    await second.dispose();
    await first.dispose();
  });

  test("after a newer login of the user is BAD_TOKEN", async () => {
    const newer = await comeBack(here.server, "Alan");
    await here.stranger.tls.asks(`resume;${alan.token}`, "resumeERR;BAD_TOKEN;…");
    newer.close();
  });
});

describe("passwd", () => {
  const here = withServer();
  let alan: WholeClient;
  beforeAll(async () => {
    alan = await join(here.server, "Alan");
  });
  afterAll(() => alan.close());

  test("before login is NOT_LOGGED_IN", async () => {
    await here.stranger.tls.asks(`passwd;${PASSWORD};another horse`, "passwdERR;NOT_LOGGED_IN;…");
  });

  test("checks the old password first, then whether the new one differs, then whether it is valid", async () => {
    await alan.tls.asks("passwd;wrong;wrong", "passwdERR;BAD_CREDENTIALS;…");
    await alan.tls.asks(`passwd;${PASSWORD};${PASSWORD}`, "passwdERR;SAME_PASSWORD;…");
    await alan.tls.asks(`passwd;${PASSWORD};short`, "passwdERR;BAD_PASSWORD;…");
  });

  test("changes the password; the current session continues", async () => {
    await alan.tls.asks(`passwd;${PASSWORD};another horse`, "passwdACK");
    await alan.control.asks("list", "listACK;Alan:free");
    const { tls } = here.stranger;
    await tls.asks(`login;Alan;${PASSWORD}`, "loginERR;BAD_CREDENTIALS;…");
    await alan.control.asks("exit", "exitACK");
    await tls.asks(`resume;${alan.token}`, `resumeACK;Alan;${alan.token}`);
  });
});

describe("taking over", () => {
  const here = withServer();

  test("the older control connection is notified and closed, and its token is revoked", async () => {
    const older = await join(here.server, "Alan");
    const newer = await comeBack(here.server, "Alan");
    await older.control.sees("disconnect;REPLACED");
    await older.control.seesClose();
    await older.tls.seesClose();
    await here.stranger.tls.asks(`resume;${older.token}`, "resumeERR;BAD_TOKEN;…");
    await newer.control.asks("list", "listACK;Alan:free");
    newer.close();
  });

  test("a resume elsewhere takes over too", async () => {
    const older = await comeBack(here.server, "Alan");
    await here.stranger.tls.asks(`resume;${older.token}`, `resumeACK;Alan;${older.token}`);
    await older.control.sees("disconnect;REPLACED");
    await older.control.seesClose();
  });
});
