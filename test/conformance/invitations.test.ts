// docs/PROTOCOL.md §5
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ed25519Verify } from "../../src/game/signature.ts";
import { openTicket } from "../../src/game/ticket.ts";
import { ServerProcess } from "../servers/server-process.ts";
import { signedActions } from "../wire/match-report.ts";
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

let server: ServerProcess;
let alan: WholeClient;
let beto: WholeClient;
let carla: WholeClient;
beforeAll(async () => {
  server = await ServerProcess.start();
  for (const user of ["Alan", "Beto", "Carla"]) (await join(server, user)).close();
});
afterAll(() => server.dispose());

beforeEach(async () => {
  alan = await comeBack(server, "Alan");
  beto = await comeBack(server, "Beto");
  carla = await comeBack(server, "Carla");
  return () => {
    for (const client of [alan, beto, carla]) client.close();
  };
});

/** Alan invites Beto, whose client acknowledges. */
async function invite(): Promise<void> {
  alan.control.says("begin;Beto");
  await beto.control.sees("invite;Alan");
  beto.control.says("inviteACK;Alan");
  await alan.control.sees("beginACK;Beto");
}

/** The inviter cancels, so that both are free again. */
async function giveUp(inviter: WholeClient, invitee: WholeClient, ticket: string): Promise<void> {
  const actions = signedActions(ticket, { X: inviter.signer, O: invitee.signer }, "endX");
  const report = `result;${inviter.user};${invitee.user};LOST;${ticket};${actions.join(";")}`;
  await inviter.control.asks(report, "resultACK;<match>;LOST;0");
  await invitee.control.sees("settled;<match>;WIN;2");
}

describe("an invitation that is accepted", () => {
  test("gives both the same ticket, and the inviter the invitee's address and ports", async () => {
    await invite();
    beto.control.says("answer;Alan;True;40001;Beto;40002");
    const { ticket = "" } = await beto.control.sees("answerACK;Alan;<ticket>");
    await alan.control.sees(`answer;Beto;True;127.0.0.1;40001;40002;${ticket}`);
    alan.control.says("answerACK;Beto");
    const opened = openTicket(ticket, alan.ticketKey, ed25519Verify);
    expect(opened).toEqual({
      matchId: expect.stringMatching(/^[\w-]{16}$/),
      inviter: "Alan",
      inviterKey: alan.signer.publicKey,
      invitee: "Beto",
      inviteeKey: beto.signer.publicKey,
      issuedAtSeconds: expect.any(Number),
    });
    expect(Math.abs((opened?.issuedAtSeconds ?? 0) - Date.now() / 1_000)).toBeLessThan(10);
    await carla.control.asks("list", "listACK;Alan:playing;Beto:playing;Carla:free");
    await giveUp(alan, beto, ticket);
    await carla.control.asks("list", "listACK;Alan:free;Beto:free;Carla:free");
  });

  test("may be accepted in any case of the names, which are shown as registered", async () => {
    alan.control.says("begin;BETO");
    await beto.control.sees("invite;Alan");
    beto.control.says("inviteACK;ALAN");
    await alan.control.sees("beginACK;Beto");
    beto.control.says("answer;alan;True;40001;beto;40002");
    const { ticket = "" } = await beto.control.sees("answerACK;Alan;<ticket>");
    await alan.control.sees(`answer;Beto;True;127.0.0.1;40001;40002;${ticket}`);
    await giveUp(alan, beto, ticket);
  });

  test("names the host that the invitee announces in a seventh block", async () => {
    await invite();
    beto.control.says("answer;Alan;True;40001;Beto;40002;beto.example.org");
    const { ticket = "" } = await beto.control.sees("answerACK;Alan;<ticket>");
    await alan.control.sees(`answer;Beto;True;beto.example.org;40001;40002;${ticket}`);
    await giveUp(alan, beto, ticket);
  });

  test("needs no inviteACK: the answer counts as one", async () => {
    alan.control.says("begin;Beto");
    await beto.control.sees("invite;Alan");
    beto.control.says("answer;Alan;True;40001;Beto;40002");
    const { ticket = "" } = await beto.control.sees("answerACK;Alan;<ticket>");
    await alan.control.sees("beginACK;Beto");
    await alan.control.sees(`answer;Beto;True;127.0.0.1;40001;40002;${ticket}`);
    await giveUp(alan, beto, ticket);
  });

  test("survives when the inviter resumes on another connection, and keeps its key", async () => {
    const ticket = await startMatch(alan, beto);
    const newer = await comeBack(server, "Alan");
    await alan.control.sees("disconnect;REPLACED");
    await newer.control.asks("list", "listACK;Alan:playing;Beto:playing;Carla:free");
    await newer.control.asks("begin;Carla", "beginERR;IN_MATCH;…");
    await giveUp({ ...newer, signer: alan.signer }, beto, ticket);
    newer.close();
  });
});

describe("an invitation that fails", () => {
  test("declined", async () => {
    await invite();
    await beto.control.asks("answer;Alan;False", "answerACK;Alan");
    await alan.control.sees("answer;Beto;False;DECLINED");
    alan.control.says("answerACK;Beto");
    await invite();
  });

  test("declined at once, without an inviteACK", async () => {
    alan.control.says("begin;Beto");
    await beto.control.sees("invite;Alan");
    await beto.control.asks("answer;Alan;False", "answerACK;Alan");
    await alan.control.sees("beginACK;Beto");
    await alan.control.sees("answer;Beto;False;DECLINED");
  });

  test("cancelled", async () => {
    await invite();
    await alan.control.asks("cancel;Beto", "cancelACK;Beto");
    await beto.control.sees("cancel;Alan;CANCELLED");
    await beto.control.asks("answer;Alan;True;40001;Beto;40002", "answerERR;NO_INVITATION;…");
    await alan.control.asks("cancel;Beto", "cancelERR;NO_INVITATION;…");
  });

  test.each([
    ["exits", (client: WholeClient) => client.control.says("exit")],
    ["logs out", (client: WholeClient) => client.control.says("logout")],
    ["vanishes", (client: WholeClient) => client.control.close()],
    ["is replaced", () => comeBack(server, "Beto")],
  ])("the invitee %s", async (_, go) => {
    await invite();
    await go(beto);
    await alan.control.sees("answer;Beto;False;DISCONNECTED");
  });

  test.each([
    ["exits", (client: WholeClient) => client.control.says("exit")],
    ["logs out", (client: WholeClient) => client.control.says("logout")],
    ["vanishes", (client: WholeClient) => client.control.close()],
    ["is replaced", () => comeBack(server, "Alan")],
  ])("the inviter %s", async (_, go) => {
    await invite();
    await go(alan);
    await beto.control.sees("cancel;Alan;DISCONNECTED");
    await beto.control.asks("answer;Alan;False", "answerERR;NO_INVITATION;…");
  });

  test.each(["BUSY", "NO_KEY"])("the invitee's client refuses with %s", async (code) => {
    alan.control.says("begin;Beto");
    await beto.control.sees("invite;Alan");
    beto.control.says(`inviteERR;Alan;${code}`);
    await alan.control.sees(`beginERR;${code};…`);
    await beto.control.asks("answer;Alan;False", "answerERR;NO_INVITATION;…");
  });

  test("the invitee disconnects before its client acknowledges", async () => {
    alan.control.says("begin;Beto");
    await beto.control.sees("invite;Alan");
    beto.close();
    await alan.control.sees("beginERR;NOT_CONNECTED;…");
  });
});

describe("the codes of begin", () => {
  test("NOT_LOGGED_IN, before SELF", async () => {
    const { control } = await openControl(server);
    await control.asks("begin;Alan", "beginERR;NOT_LOGGED_IN;…");
    control.close();
  });

  test("NO_KEY before SELF", async () => {
    const keyless = await connect(server);
    await keyless.tls.asks(`login;Carla;${PASSWORD}`, "loginACK;Carla;<token>");
    await keyless.control.asks("begin;Carla", "beginERR;NO_KEY;…");
    keyless.close();
  });

  test("SELF, whatever the case", async () => {
    await alan.control.asks("begin;aLAN", "beginERR;SELF;…");
  });

  test("NOT_CONNECTED: an unknown name, logged out, or without a heartbeat", async () => {
    await alan.control.asks("begin;Nobody", "beginERR;NOT_CONNECTED;…");
    await beto.control.asks("logout", "logoutACK");
    await alan.control.asks("begin;Beto", "beginERR;NOT_CONNECTED;…");
    const { control, connectionId } = await openControl(server);
    const { tls } = await openTls(server, connectionId);
    await tls.asks(`login;Beto;${PASSWORD};${beto.signer.publicKey}`, "loginACK;Beto;<token>");
    await alan.control.asks("begin;Beto", "beginERR;NOT_CONNECTED;…");
    await control.asks("begin;Alan", "beginERR;NOT_CONNECTED;…");
    control.close();
  });

  test("BUSY: the invitee has sent or received an invitation, or is playing", async () => {
    await invite();
    await carla.control.asks("begin;Alan", "beginERR;BUSY;…");
    await carla.control.asks("begin;Beto", "beginERR;BUSY;…");
    await alan.control.asks("begin;Beto", "beginERR;BUSY;…");
    await beto.control.asks("answer;Alan;False", "answerACK;Alan");
    await alan.control.sees("answer;Beto;False;DECLINED");
    const ticket = await startMatch(alan, beto);
    await carla.control.asks("begin;Alan", "beginERR;BUSY;…");
    await carla.control.asks("begin;Beto", "beginERR;BUSY;…");
    await giveUp(alan, beto, ticket);
  });

  test("IN_MATCH: you are playing", async () => {
    const ticket = await startMatch(alan, beto);
    await alan.control.asks("begin;Carla", "beginERR;IN_MATCH;…");
    await beto.control.asks("begin;Carla", "beginERR;IN_MATCH;…");
    await giveUp(alan, beto, ticket);
  });

  test("INVITE_PENDING: you have sent or received an invitation", async () => {
    await invite();
    await alan.control.asks("begin;Carla", "beginERR;INVITE_PENDING;…");
    await beto.control.asks("begin;Carla", "beginERR;INVITE_PENDING;…");
  });

  test("while begin waits for the invitee's client, later requests are answered", async () => {
    alan.control.says("begin;Beto", "list");
    await alan.control.sees("listACK;Alan:free;Beto:free;Carla:free");
    await beto.control.sees("invite;Alan");
    beto.control.says("inviteACK;Alan");
    await alan.control.sees("beginACK;Beto");
  });
});

describe("the codes of answer and cancel", () => {
  test("NOT_LOGGED_IN", async () => {
    const { control } = await openControl(server);
    await control.asks("answer;Alan;False", "answerERR;NOT_LOGGED_IN;…");
    await control.asks("answer;Alan;True;40001;Beto;40002", "answerERR;NOT_LOGGED_IN;…");
    await control.asks("cancel;Beto", "cancelERR;NOT_LOGGED_IN;…");
    control.close();
  });

  test("NO_INVITATION: never sent, or sent by or to another user", async () => {
    await beto.control.asks("answer;Alan;False", "answerERR;NO_INVITATION;…");
    await alan.control.asks("cancel;Beto", "cancelERR;NO_INVITATION;…");
    await invite();
    await beto.control.asks("answer;Carla;False", "answerERR;NO_INVITATION;…");
    await carla.control.asks("answer;Alan;True;40001;Carla;40002", "answerERR;NO_INVITATION;…");
    await alan.control.asks("answer;Beto;False", "answerERR;NO_INVITATION;…");
    await alan.control.asks("cancel;Carla", "cancelERR;NO_INVITATION;…");
    await beto.control.asks("cancel;Alan", "cancelERR;NO_INVITATION;…");
  });

  test("NO_KEY, for an acceptance alone", async () => {
    const keyless = await connect(server);
    await keyless.tls.asks(`login;Beto;${PASSWORD}`, "loginACK;Beto;<token>");
    alan.control.says("begin;Beto");
    await keyless.control.sees("invite;Alan");
    keyless.control.says("inviteACK;Alan");
    await alan.control.sees("beginACK;Beto");
    await keyless.control.asks("answer;Alan;True;40001;Beto;40002", "answerERR;NO_KEY;…");
    await keyless.control.asks("answer;Alan;False", "answerACK;Alan");
    await alan.control.sees("answer;Beto;False;DECLINED");
    keyless.close();
  });
});
