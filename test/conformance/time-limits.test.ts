// Every time limit of docs/PROTOCOL.md, on a clock that the test advances.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunningServer } from "../../src/server/server.ts";
import { ManualClock } from "../../src/shared/clock/manual-clock.fixture.ts";
import { startTemporaryServer } from "../servers/temporary-server.ts";
import { matchIdOf, signedActions } from "../wire/match-report.ts";
import {
  comeBack,
  connect,
  join,
  openControl,
  openTls,
  PASSWORD,
  startMatch,
  type WholeClient,
} from "../wire/whole-client.ts";

const HOUR_MS = 3_600_000;
const MATCH_LIMIT_MS = 180_000;

const clock = new ManualClock();
let server: RunningServer;
let alan: WholeClient;
let beto: WholeClient;

beforeAll(async () => {
  // So long that no ping arrives in between.
  server = await startTemporaryServer({ heartbeatMs: HOUR_MS, clock });
  for (const user of ["Alan", "Beto"]) (await join(server, user)).close();
});
afterAll(() => server.stop());

beforeEach(async () => {
  alan = await comeBack(server, "Alan");
  beto = await comeBack(server, "Beto");
});
afterEach(() => {
  for (const client of [alan, beto]) client.close();
});

async function expectNothingNew({ control }: WholeClient): Promise<void> {
  await control.asks("list;999", "listACK");
}

describe("invitations", () => {
  test("NO_REPLY: no inviteACK for 5 s", async () => {
    alan.control.says("begin;Beto");
    await beto.control.sees("invite;Alan");
    clock.advance(4_999);
    await expectNothingNew(alan);
    clock.advance(1);
    await alan.control.sees("beginERR;NO_REPLY;…");
    await beto.control.asks("answer;Alan;False", "answerERR;NO_INVITATION;…");
  });

  test("EXPIRED: no answer for 30 s", async () => {
    alan.control.says("begin;Beto");
    await beto.control.sees("invite;Alan");
    clock.advance(3_000);
    beto.control.says("inviteACK;Alan");
    await alan.control.sees("beginACK;Beto");
    clock.advance(26_999);
    await expectNothingNew(alan);
    await expectNothingNew(beto);
    clock.advance(1);
    await alan.control.sees("answer;Beto;False;EXPIRED");
    await beto.control.sees("cancel;Alan;EXPIRED");
    await beto.control.asks("answer;Alan;True;40001;Beto;40002", "answerERR;NO_INVITATION;…");
  });
});

describe("sessions", () => {
  test("the server closes a TLS connection that was idle for 30 s", async () => {
    const { control, connectionId } = await openControl(server);
    const { tls } = await openTls(server, connectionId);
    clock.advance(29_999);
    await tls.asks("resume;AAAA", "resumeERR;BAD_TOKEN;…");
    clock.advance(29_999);
    await tls.asks("resume;AAAA", "resumeERR;BAD_TOKEN;…");
    clock.advance(30_000);
    await tls.seesClose();
    await control.asks("list;999", "listACK");
    control.close();
  });

  test("a token is valid for 24 hours", async () => {
    await beto.control.asks("exit", "exitACK");
    clock.sleep(24 * HOUR_MS - 1);
    const inTime = await connect(server);
    await inTime.tls.asks(`resume;${beto.token}`, `resumeACK;Beto;${beto.token}`);
    await inTime.control.asks("exit", "exitACK");
    clock.sleep(1);
    const late = await connect(server);
    await late.tls.asks(`resume;${beto.token}`, "resumeERR;BAD_TOKEN;…");
    late.close();
  });
});

describe("a match that was broken off, 180 s later", () => {
  let ticket: string;
  let matchId: string;
  beforeEach(async () => {
    ticket = await startMatch(alan, beto);
    matchId = matchIdOf(ticket);
  });

  const abandoned = (steps: string): string => {
    const actions = signedActions(ticket, { X: alan.signer, O: beto.signer }, steps);
    return ["result;Alan;Beto;ABANDONED", ticket, ...actions].join(";");
  };

  /** Resolves when the server has noticed that a client is gone. */
  async function goneFromList(user: string): Promise<void> {
    for (;;) {
      alan.control.says("list");
      if (!(await alan.control.nextLine()).includes(user)) return;
    }
  }

  test("is VOID when the opponent was connected", async () => {
    await alan.control.asks(abandoned("11"), `resultACK;${matchId};PENDING;0`);
    clock.advance(MATCH_LIMIT_MS - 1);
    await expectNothingNew(alan);
    clock.advance(1);
    await alan.control.sees(`settled;${matchId};VOID;0`);
    await beto.control.sees(`settled;${matchId};VOID;0`);
  });

  test("is a WIN for the reporter when the opponent was away the whole time", async () => {
    beto.close();
    await goneFromList("Beto");
    await alan.control.asks(abandoned("11"), `resultACK;${matchId};PENDING;0`);
    clock.advance(MATCH_LIMIT_MS - 1);
    await expectNothingNew(alan);
    clock.advance(1);
    await alan.control.sees(`settled;${matchId};WIN;2`);
    await alan.control.asks("leaders", "leadersACK;Alan:2;Beto:0");
  });

  test("is VOID when the opponent was connected for a moment", async () => {
    beto.close();
    await goneFromList("Beto");
    await alan.control.asks(abandoned("11"), `resultACK;${matchId};PENDING;0`);
    clock.advance(100_000);
    beto = await comeBack(server, "Beto");
    beto.close();
    await goneFromList("Beto");
    clock.advance(MATCH_LIMIT_MS - 100_000);
    await alan.control.sees(`settled;${matchId};VOID;0`);
  });

  test("is what a transcript proves, if one arrives in time", async () => {
    await alan.control.asks(abandoned("11"), `resultACK;${matchId};PENDING;0`);
    clock.advance(MATCH_LIMIT_MS - 1);
    const actions = signedActions(ticket, { X: alan.signer, O: beto.signer }, "endO").join(";");
    await beto.control.asks(`result;Beto;Alan;LOST;${ticket};${actions}`, `resultACK;${matchId};LOST;0`);
    await alan.control.sees(`settled;${matchId};WIN;2`);
    clock.advance(MATCH_LIMIT_MS);
    await expectNothingNew(alan);
  });

  test("is VOID when nobody reports and both were away, or returned without playing", async () => {
    for (const client of [beto, alan]) client.close();
    const watcher = await openControl(server);
    for (let line = ""; line !== "listACK"; ) {
      watcher.control.says("list");
      line = await watcher.control.nextLine();
    }
    watcher.control.close();
    clock.advance(100_000);
    [alan, beto] = [await comeBack(server, "Alan"), await comeBack(server, "Beto")];
    await alan.control.asks("list", "listACK;Alan:playing;Beto:playing");
    clock.advance(MATCH_LIMIT_MS - 100_000 - 1);
    await expectNothingNew(alan);
    clock.advance(1);
    await alan.control.sees(`settled;${matchId};VOID;0`);
    await beto.control.sees(`settled;${matchId};VOID;0`);
    await alan.control.asks("list", "listACK;Alan:free;Beto:free");
  });

  test("continues when one of the two returns and sends playing", async () => {
    const key = alan.signer;
    [alan, beto] = [await comeBack(server, "Alan"), await comeBack(server, "Beto")];
    await beto.control.asks(`playing;${ticket}`, `playingACK;${matchId}`);
    clock.advance(10 * MATCH_LIMIT_MS);
    await beto.control.asks("list", "listACK;Alan:playing;Beto:playing");
    const actions = signedActions(ticket, { X: key, O: beto.signer }, "endX").join(";");
    await alan.control.asks(`result;Alan;Beto;LOST;${ticket};${actions}`, `resultACK;${matchId};LOST;0`);
    await beto.control.sees(`settled;${matchId};WIN;2`);
  });
});

test("TRY_LATER ends after a minute", async () => {
  const { tls, close } = await connect(server);
  const names = Array.from({ length: 11 }, (_, index) => `New${index}`);
  tls.says(...names.map((name) => `adduser;${name};${PASSWORD}`));
  const answers: string[] = [];
  for (const _ of names) answers.push(await tls.nextLine());
  const refused = answers.findIndex((line) => line.startsWith("adduserERR;TRY_LATER;"));
  expect(refused).toBeGreaterThan(0);
  const seconds = Number(answers[refused]?.split(";")[2]);
  close();
  clock.advance(seconds * 1_000);
  const patient = await connect(server);
  await patient.tls.asks(`adduser;Patient;${PASSWORD}`, "adduserACK;Patient");
  patient.close();
});
