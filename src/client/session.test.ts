import { describe, expect, it } from "vitest";
import { ed25519Verify } from "../game/signature.ts";
import { openTicket } from "../game/ticket.ts";
import { replay } from "../game/transcript.ts";
import type { Command } from "./commands.ts";
import { DrivenSession, MATCH_ID, serverSigner, Table, ticketFor } from "./session/driven-session.fixture.ts";

describe("a session", () => {
  it("reports once where it is connected", () => {
    const player = DrivenSession.connected();
    expect(player.words()).toEqual(["Connected to 127.0.0.1:3000"]);
    expect(player.session.phase).toBe("connected");
  });

  it("registers, and logs in with a key of its own", () => {
    const player = DrivenSession.connected();
    player.words();
    player.runs({ name: "adduser", user: "alan", password: "secret 1" });
    const request = player.asked();
    expect(request).toEqual({ name: "adduser", user: "alan", password: "secret 1" });
    expect(player.session.isWaiting).toBe(true);
    player.answersSecurely(request, { name: "adduserACK", user: "alan" });
    expect(player.words()).toEqual(["User 'alan' created"]);
    expect(player.session.isWaiting).toBe(false);
    player.runs({ name: "login", user: "alan", password: "secret 1" });
    expect(player.asked()).toMatchObject({ name: "login", publicKey: expect.stringMatching(/^[\w-]{43}$/) });
  });

  it("stays logged out when the password is wrong", () => {
    const player = DrivenSession.connected();
    player.words();
    player.runs({ name: "login", user: "alan", password: "wrong" });
    const error = { name: "error", request: "login", code: "BAD_CREDENTIALS", text: "" } as const;
    player.answersSecurely(player.asked(), error);
    expect(player.words()).toEqual(["Wrong user name or password"]);
    expect(player.session.phase).toBe("connected");
  });

  it("reports how long to wait when the server answers TRY_LATER", () => {
    const player = DrivenSession.connected();
    player.words();
    player.runs({ name: "login", user: "alan", password: "wrong" });
    const error = { name: "error", request: "login", code: "TRY_LATER", seconds: 42, text: "" } as const;
    player.answersSecurely(player.asked(), error);
    expect(player.words()).toEqual(["The server is busy: try again in 42 s"]);
  });

  it("asks for the next page of a long list", () => {
    const player = DrivenSession.connected();
    player.words();
    const page = Array.from({ length: 1_000 }, (_, index) => ({ user: `u${index}`, isPlaying: false }));
    player.runs({ name: "list" }).hears({ name: "listACK", users: page });
    expect(player.sent()).toEqual([{ name: "list" }, { name: "list", offset: 1_000 }]);
    expect(player.words()).toEqual([]);
    player.hears({ name: "listACK", users: [{ user: "zoe", isPlaying: true }] });
    expect(player.words()[0]?.split("\n")).toHaveLength(1_001 + 4);
  });

  it("logs out", () => {
    const player = DrivenSession.loggedIn("alan");
    player.runs({ name: "logout" });
    expect(player.sent()).toEqual([{ name: "logout" }]);
    player.hears({ name: "logoutACK" });
    expect(player.words()).toEqual(["Logged out"]);
    expect(player.session.phase).toBe("connected");
  });
});

describe("a command that is not allowed gets one line", () => {
  const begin: Command = { name: "begin", user: "beto" };
  const login: Command = { name: "login", user: "alan", password: "x" };
  const send: Command = { name: "send", row: 1, column: 1 };

  it.each([
    [begin, "begin: log in first (login <user>)"],
    [{ name: "logout" }, "logout: log in first (login <user>)"],
    [send, "send: log in first (login <user>)"],
    [{ name: "passwd", oldPassword: "a", newPassword: "b" }, "passwd: log in first (login <user>)"],
    [{ name: "answer", isYes: true }, "There is nothing to answer"],
    [{ name: "reconnect" }, "You are already connected"],
  ] satisfies [Command, string][])("before login: %j", (command, text) => {
    const player = DrivenSession.connected();
    player.words();
    expect(player.runs(command).words()).toEqual([text]);
  });

  it.each([
    [login, "You are logged in as alan: logout first"],
    [send, "send: you are not in a match (begin <user> invites someone)"],
    [{ name: "end" }, "end: you are not in a match (begin <user> invites someone)"],
    [{ name: "board" }, "board: you are not in a match (begin <user> invites someone)"],
    [{ name: "delay" }, "delay: you are not in a match (begin <user> invites someone)"],
    [{ name: "cancel" }, "cancel: you have no invitation open"],
    [{ name: "answer", isYes: false }, "There is nothing to answer"],
  ] satisfies [Command, string][])("when logged in: %j", (command, text) => {
    expect(DrivenSession.loggedIn("alan").runs(command).words()).toEqual([text]);
  });

  it.each([
    [begin, "begin: not during a match (end gives it up)"],
    [login, "login: not during a match (end gives it up)"],
    [{ name: "logout" }, "logout: not during a match (end gives it up)"],
    [{ name: "leave" }, "You may leave without a loss once beto has not moved for 2 minutes (end gives up)"],
  ] satisfies [Command, string][])("during a match: %j", (command, text) => {
    expect(new Table().alan.runs(command).words()).toEqual([text]);
  });

  it("while inviting or invited", () => {
    const beto = DrivenSession.loggedIn("beto").hears({ name: "invite", user: "alan" });
    beto.words();
    expect(beto.runs({ name: "begin", user: "caio" }).words()).toEqual(["begin: answer alan first (y or n)"]);
    const alan = DrivenSession.loggedIn("alan").runs({ name: "begin", user: "beto" });
    alan.words();
    expect(alan.runs({ name: "begin", user: "caio" }).words()).toEqual([
      "begin: wait for beto, or cancel the invitation (cancel)",
    ]);
  });

  it("while the server is away", () => {
    const alan = DrivenSession.loggedIn("alan").happens({ kind: "lost", isReplaced: false });
    alan.words();
    expect(alan.runs({ name: "list" }).words()).toEqual(["list needs the server, which is away"]);
    expect(alan.runs({ name: "board" }).words()).toEqual([
      "board: you are not in a match (begin <user> invites someone)",
    ]);
    expect(alan.runs({ name: "reconnect" }).words()).toEqual(["Trying to reach the server..."]);
    expect(alan.take("reconnect")).toHaveLength(1);
  });
});

describe("an invitation", () => {
  it("is acknowledged, and the user is asked", () => {
    const beto = DrivenSession.loggedIn("beto").hears({ name: "invite", user: "alan" });
    expect(beto.sent()).toEqual([{ name: "inviteACK", user: "alan" }]);
    expect(beto.words()).toEqual(["alan invites you to a match! Accept? [Y/n]"]);
    expect(beto.session.question).toEqual({ kind: "accept", user: "alan" });
  });

  it("is accepted once the client listens on two ports", () => {
    const beto = DrivenSession.loggedIn("beto").hears({ name: "invite", user: "alan" });
    beto.runs({ name: "answer", isYes: true });
    expect(beto.take("listen")).toHaveLength(1);
    beto.sent();
    beto.happens({ kind: "listening", gamePort: 4000, pingPort: 4001 });
    expect(beto.sent()).toEqual([
      { name: "answer", user: "alan", accepted: true, details: ["4000", "beto", "4001"] },
    ]);
  });

  it("is accepted with the announced address", () => {
    const beto = DrivenSession.loggedIn("beto").hears({ name: "invite", user: "alan" });
    beto.runs({ name: "answer", isYes: true }).sent();
    beto.happens({ kind: "listening", gamePort: 1, pingPort: 2, announced: { host: "beto.example" } });
    expect(beto.sent()).toMatchObject([{ details: ["1", "beto", "2", "beto.example"] }]);
  });

  it("is declined when the client cannot listen", () => {
    const beto = DrivenSession.loggedIn("beto").hears({ name: "invite", user: "alan" });
    beto.runs({ name: "answer", isYes: true });
    beto.sent();
    beto.happens({ kind: "cannot-listen", reason: "EADDRINUSE" });
    expect(beto.sent()).toEqual([{ name: "answer", user: "alan", accepted: false, details: [] }]);
    expect(beto.session.phase).toBe("logged-in");
  });

  it("can be declined", () => {
    const beto = DrivenSession.loggedIn("beto").hears({ name: "invite", user: "alan" });
    beto.words();
    beto.runs({ name: "answer", isYes: false });
    expect(beto.words()).toEqual(["You declined alan's invitation"]);
    const alan = DrivenSession.loggedIn("alan").runs({ name: "begin", user: "beto" });
    alan.hears({ name: "answer", user: "beto", accepted: false, details: ["DECLINED"] });
    expect(alan.words()).toEqual(["Inviting beto...", "beto declined"]);
    expect(alan.sent()).toEqual([
      { name: "begin", user: "beto" },
      { name: "answerACK", user: "beto" },
    ]);
  });

  it.each([
    ["EXPIRED", "The invitation from alan has expired"],
    ["CANCELLED", "alan withdrew the invitation"],
    ["DISCONNECTED", "alan has left"],
  ])("ends with %s", (reason, text) => {
    const beto = DrivenSession.loggedIn("beto").hears({ name: "invite", user: "alan" });
    beto.words();
    expect(beto.hears({ name: "cancel", user: "alan", reason }).words()).toEqual([text]);
    expect(beto.session.question).toBeNull();
  });

  it.each([
    ["NOT_CONNECTED", "That player is not connected"],
    ["BUSY", "That player is in a match or has an open invitation"],
    ["SELF", "You cannot invite yourself"],
  ])("is refused by the server with %s", (code, text) => {
    const alan = DrivenSession.loggedIn("alan").runs({ name: "begin", user: "beto" });
    alan.isRefused("begin", code);
    expect(alan.words()).toEqual(["Inviting beto...", text]);
    expect(alan.session.phase).toBe("logged-in");
  });

  it("to the user's own name is refused without asking the server", () => {
    const alan = DrivenSession.loggedIn("alan").runs({ name: "begin", user: "ALAN" });
    expect(alan.words()).toEqual(["You cannot invite yourself"]);
    expect(alan.session.phase).toBe("logged-in");
  });

  it("can be withdrawn", () => {
    const alan = DrivenSession.loggedIn("alan").runs({ name: "begin", user: "beto" });
    alan.runs({ name: "cancel" }).hears({ name: "cancelACK", user: "beto" });
    expect(alan.words()).toEqual(["Inviting beto...", "The invitation to beto is withdrawn"]);
  });

  it("is accepted although the answer to an earlier one, withdrawn meanwhile, is refused afterwards", () => {
    const [alan, beto] = [DrivenSession.loggedIn("alan"), DrivenSession.loggedIn("beto")];
    const ticket = ticketFor(alan, beto);
    beto.hears({ name: "invite", user: "caio" }).runs({ name: "answer", isYes: true });
    beto.happens({ kind: "listening", gamePort: 4000, pingPort: 4001 });
    beto.hears({ name: "cancel", user: "caio", reason: "CANCELLED" });
    beto.hears({ name: "invite", user: "alan" }).runs({ name: "answer", isYes: true });
    beto.happens({ kind: "listening", gamePort: 4002, pingPort: 4003 });
    beto.isRefused("answer", "NO_INVITATION");
    beto.hears({ name: "answerACK", user: "alan", ticket });
    expect(beto.session.match?.opponent.user).toBe("alan");
  });

  it("starts at the ports of an earlier answer when the server counts that answer for this one", () => {
    const [alan, beto] = [DrivenSession.loggedIn("alan"), DrivenSession.loggedIn("beto")];
    const ticket = ticketFor(alan, beto);
    beto.hears({ name: "invite", user: "alan" }).runs({ name: "answer", isYes: true });
    beto.happens({ kind: "listening", gamePort: 4000, pingPort: 4001 });
    beto.hears({ name: "cancel", user: "alan", reason: "CANCELLED" });
    beto.hears({ name: "invite", user: "alan" }).runs({ name: "answer", isYes: true });
    beto.happens({ kind: "listening", gamePort: 4002, pingPort: 4003 });
    beto.hears({ name: "answerACK", user: "alan", ticket });
    beto.isRefused("answer", "NO_INVITATION");
    expect(beto.session.match?.opponent.user).toBe("alan");
    expect(beto.take("await-peer-again")).toMatchObject([{ gamePort: 4000, pingPort: 4001 }]);
  });

  it("never restarts a finished match when its ticket arrives again", () => {
    const table = new Table();
    table.play("22 12 11 33 31 21 13");
    const { alan, beto } = table;
    alan.words();
    alan.runs({ name: "begin", user: "beto" });
    const details = ["127.0.0.1", "4000", "4001", ticketFor(alan, beto)];
    alan.hears({ name: "answer", user: "beto", accepted: true, details });
    expect(alan.words()).toEqual(["Inviting beto...", "You are in a match"]);
    expect(alan.session.match).toBeNull();
    expect(alan.take("dial-peer")).toHaveLength(1);
  });

  it("starts no match with a ticket that the server did not sign", () => {
    const [alan, beto] = [DrivenSession.loggedIn("alan"), DrivenSession.loggedIn("beto")];
    const ticket = ticketFor(alan, beto).replace(/.{4}$/, "AAAA");
    alan.runs({ name: "begin", user: "beto" });
    alan.hears({ name: "answer", user: "beto", accepted: true, details: ["127.0.0.1", "1", "2", ticket] });
    expect(alan.words().at(-1)).toBe("The match with beto cannot start: its ticket is not valid");
    expect(alan.session.phase).toBe("logged-in");
  });
});

describe("a match", () => {
  it("begins with the inviter, who is X", () => {
    const alan = DrivenSession.loggedIn("alan");
    const beto = DrivenSession.loggedIn("beto");
    const ticket = ticketFor(alan, beto);
    alan.runs({ name: "begin", user: "beto" });
    alan.hears({ name: "answer", user: "beto", accepted: true, details: ["10.0.0.7", "1", "2", ticket] });
    expect(alan.words()).toEqual([
      "Inviting beto...",
      "Match with beto: you are X",
      "Your move: send <row> <column>",
    ]);
    expect(alan.take("dial-peer")).toMatchObject([{ host: "10.0.0.7", gamePort: 1, pingPort: 2 }]);
    beto.hears({ name: "invite", user: "alan" }).runs({ name: "answer", isYes: true });
    beto.happens({ kind: "listening", gamePort: 1, pingPort: 2 }).words();
    beto.hears({ name: "answerACK", user: "alan", ticket });
    expect(beto.words()).toEqual(["Match with alan: you are O", "Waiting for alan..."]);
  });

  it("reports each move to both, and draws the board for both", () => {
    const table = new Table();
    const { alan, beto } = table;
    alan.take("say");
    beto.take("say");
    table.play("22");
    expect(alan.words()).toEqual(["You played 2 2", "Waiting for beto..."]);
    expect(beto.words()).toEqual(["alan played 2 2", "Your move: send <row> <column>"]);
    for (const player of [alan, beto]) {
      expect(player.take("say").filter(({ notice }) => notice.kind === "board")).toHaveLength(1);
    }
  });

  it("refuses a move out of turn or on a taken square without telling the opponent", () => {
    const table = new Table();
    expect(table.beto.runs({ name: "send", row: 1, column: 1 }).words()).toEqual(["It is alan's turn"]);
    table.play("22");
    table.beto.words();
    expect(table.beto.runs({ name: "send", row: 2, column: 2 }).words()).toEqual(["Square 2 2 is taken"]);
    expect(table.beto.sentToPeer()).toEqual([]);
  });

  it.each([
    ["a win", "11 21 12 22 13", "WIN", "LOST"],
    ["a draw", "22 11 13 31 21 23 12 32 33", "DRAW", "DRAW"],
    ["the anti-diagonal", "13 11 22 12 31", "WIN", "LOST"],
  ])("ends with %s, and both report what the server can check", (_title, moves, alans, betos) => {
    const table = new Table();
    table.play(moves);
    for (const [player, claim] of [
      [table.alan, alans],
      [table.beto, betos],
    ] as const) {
      expect(player.session.phase).toBe("logged-in");
      const [result] = player.sent();
      if (result?.name !== "result") throw new Error("no result was sent");
      expect(result.claim).toBe(claim);
      const ticket = openTicket(result.ticket, serverSigner.publicKey, ed25519Verify);
      expect(replay(result.ticket, ticket!, result.actions, ed25519Verify).ok).toBe(true);
      expect(result.actions).toHaveLength(moves.split(" ").length);
    }
  });

  it("reports the points when the server has accepted the result", () => {
    const table = new Table();
    table.play("11 21 12 22");
    table.alan.words();
    table.beto.words();
    table.play("13");
    expect(table.alan.words()).toEqual(["You played 1 3"]);
    expect(table.beto.words()).toEqual(["alan played 1 3"]);
    table.alan.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "WIN", points: 2 });
    table.beto.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "LOST", points: 0 });
    expect(table.alan.words()).toEqual(["You won! +2 points", "Rematch? [Y/n]"]);
    expect(table.beto.words()).toEqual(["You lost", "Rematch? [Y/n]"]);
    expect(table.alan.take("leave-peer")).toHaveLength(1);
  });

  it("ends early when a player gives up", () => {
    const table = new Table();
    table.beto.runs({ name: "end" });
    table.deliver();
    expect(table.beto.words()).toEqual(["You gave up"]);
    expect(table.alan.words()).toEqual(["beto gave up"]);
    expect(table.alan.sent()).toMatchObject([{ name: "result", claim: "WIN" }]);
    expect(table.beto.sent()).toMatchObject([{ name: "result", claim: "LOST" }]);
  });

  it("keeps its link after the result until the opponent has the last action", () => {
    const table = new Table();
    const { alan, beto } = table;
    for (const player of [alan, beto]) player.happens({ kind: "peer-lost", matchId: MATCH_ID });
    beto.runs({ name: "end" });
    beto.sentToPeer();
    beto.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "LOST", points: 0 });
    expect(beto.take("leave-peer")).toEqual([]);
    for (const player of [alan, beto]) player.happens({ kind: "peer-joined", matchId: MATCH_ID });
    table.deliver();
    expect(beto.take("leave-peer")).toEqual([{ kind: "leave-peer", matchId: MATCH_ID }]);
    expect(alan.words()).toContain("beto gave up");
  });

  it("shows the last three delays in ms", () => {
    const { alan } = new Table();
    alan.runs({ name: "delay" });
    for (const delayMs of [9, 1.26, 2, 30.04]) {
      alan.happens({ kind: "delay-measured", matchId: MATCH_ID, delayMs });
    }
    alan.runs({ name: "delay" });
    expect(alan.words()).toEqual(["No delay measured yet", "Delay: 1.3 ms, 2.0 ms, 30.0 ms"]);
  });

  it("continues with the missing actions when the link comes back", () => {
    const table = new Table();
    table.alan.happens({ kind: "peer-lost", matchId: MATCH_ID });
    table.beto.happens({ kind: "peer-lost", matchId: MATCH_ID });
    table.alan.runs({ name: "send", row: 1, column: 1 });
    table.alan.sentToPeer();
    table.alan.happens({ kind: "peer-joined", matchId: MATCH_ID });
    table.beto.happens({ kind: "peer-joined", matchId: MATCH_ID });
    table.deliver();
    expect(table.beto.words()).toEqual([
      "No connection to alan; trying again",
      "alan is connected again",
      "alan played 1 1",
      "Your move: send <row> <column>",
    ]);
  });

  it("may be left without a loss when the opponent has not moved for 120 s", () => {
    const table = new Table();
    table.play("11");
    table.alan.words();
    table.alan.timerFires(120_000);
    expect(table.alan.words()).toEqual([
      "beto has not moved for 120 s: leave breaks the match off, without a loss",
    ]);
    table.alan.runs({ name: "leave" });
    expect(table.alan.words()).toEqual(["You left the match with beto"]);
    expect(table.alan.sent()).toMatchObject([{ name: "result", claim: "ABANDONED" }]);
    table.alan.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "PENDING", points: 0 });
    expect(table.alan.words()).toEqual(["The match was broken off; the server settles it within 3 minutes"]);
    expect(table.alan.session.question).toBeNull();
  });

  it("may no longer be left once the opponent has moved", () => {
    const table = new Table();
    table.play("11");
    table.alan.timerFires(120_000);
    table.play("22 33");
    table.alan.words();
    table.alan.runs({ name: "leave" });
    expect(table.alan.words()[0]).toMatch(/^You may leave without a loss once/);
  });

  it("is reported ABANDONED when the opponent is gone for good", () => {
    const { alan } = new Table();
    alan.happens({ kind: "peer-lost", matchId: MATCH_ID }).words();
    alan.happens({ kind: "peer-gone", matchId: MATCH_ID, seconds: 180 });
    expect(alan.words()).toEqual(["beto could not be reached for 3 minutes: the match is broken off"]);
    expect(alan.sent()).toMatchObject([{ name: "result", claim: "ABANDONED" }]);
  });

  it("is over when the server settles it and no last move comes", () => {
    const { alan } = new Table();
    alan.hears({ name: "settled", matchId: MATCH_ID, outcome: "LOST", points: 0 });
    expect(alan.session.phase).toBe("playing");
    alan.timerFires(2_000);
    expect(alan.words()).toEqual(["You lost"]);
    expect(alan.session.phase).toBe("logged-in");
  });

  it("answers a wrong move of the opponent with an error and does not change", () => {
    const { alan } = new Table();
    const signature = "A".repeat(86);
    alan.happens({
      kind: "peer-said",
      matchId: MATCH_ID,
      message: { name: "play", row: 1, column: 1, n: 1, signature },
    });
    expect(alan.take("correct-peer")).toEqual([{ kind: "correct-peer", code: "NOT_YOUR_TURN" }]);
    expect(alan.session.match?.transcript.actions).toEqual([]);
  });
});

describe("a rematch", () => {
  const WAITING_FOR_REMATCH = "Waiting for alan... (at most 30 s; cancel withdraws your yes)";

  function ended(): Table {
    const table = new Table();
    table.play("11 21 12 22 13");
    table.alan.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "WIN", points: 2 });
    table.beto.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "LOST", points: 0 });
    for (const player of [table.alan, table.beto]) {
      player.words();
      player.sent();
      player.kinds();
    }
    return table;
  }

  it("is an invitation by the inviter when the inviter says yes", () => {
    const { alan } = ended();
    alan.runs({ name: "answer", isYes: true });
    expect(alan.sent()).toEqual([{ name: "begin", user: "beto" }]);
  });

  it("starts when the invitee has said yes before", () => {
    const { beto } = ended();
    expect(beto.runs({ name: "answer", isYes: true }).words()).toEqual([WAITING_FOR_REMATCH]);
    beto.hears({ name: "invite", user: "alan" });
    expect(beto.words()).toEqual([]);
    expect(beto.take("listen")).toHaveLength(1);
  });

  it("starts when the invitee says yes afterwards", () => {
    const { beto } = ended();
    beto.hears({ name: "invite", user: "alan" });
    expect(beto.words()).toEqual([]);
    beto.runs({ name: "answer", isYes: true });
    expect(beto.take("listen")).toHaveLength(1);
  });

  it("is declined when the invitee said no", () => {
    const { beto } = ended();
    beto.runs({ name: "answer", isYes: false }).hears({ name: "invite", user: "alan" });
    expect(beto.sent()).toEqual([
      { name: "inviteACK", user: "alan" },
      { name: "answer", user: "alan", accepted: false, details: [] },
    ]);
  });

  it("is asked about before the result of the invitee is answered", () => {
    const table = new Table();
    table.play("11 21 12 22 13");
    const { beto } = table;
    beto.words();
    beto.kinds();
    beto.hears({ name: "invite", user: "alan" });
    expect(beto.words()).toEqual([]);
    beto.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "LOST", points: 0 });
    expect(beto.words()).toEqual(["You lost", "Rematch? [Y/n]"]);
    beto.runs({ name: "answer", isYes: true });
    expect(beto.take("listen")).toHaveLength(1);
  });

  it("can be withdrawn by the invitee, who is then asked as for any invitation", () => {
    const { beto } = ended();
    beto.runs({ name: "answer", isYes: true }).words();
    expect(beto.runs({ name: "cancel" }).words()).toEqual(["No rematch, then"]);
    expect(beto.sent()).toEqual([]);
    beto.timerFires(30_000).hears({ name: "invite", user: "alan" });
    expect(beto.words()).toEqual(["alan invites you to a match! Accept? [Y/n]"]);
  });

  it("expires when the inviter says nothing for 30 s", () => {
    const { beto } = ended();
    beto.runs({ name: "answer", isYes: true }).words();
    beto.timerFires(30_000);
    expect(beto.words()).toEqual(["alan does not want a rematch"]);
    beto.hears({ name: "invite", user: "alan" });
    expect(beto.words()).toEqual(["alan invites you to a match! Accept? [Y/n]"]);
  });

  it("gives way to an invitation by someone else", () => {
    const { beto } = ended();
    beto.hears({ name: "invite", user: "caio" });
    expect(beto.words()).toEqual(["caio invites you to a match! Accept? [Y/n]"]);
    expect(beto.session.question).toEqual({ kind: "accept", user: "caio" });
  });
});

describe("a lost server", () => {
  it("does not stop a match, and gets the result when it is back", () => {
    const table = new Table();
    const { alan } = table;
    alan.happens({ kind: "lost", isReplaced: false });
    expect(alan.words()).toEqual(["The server is away; trying to reach it. Your match goes on"]);
    table.play("11 21 12 22 13");
    expect(alan.words().at(-1)).toBe("The result is kept and will be sent when the server is back: you won");
    expect(alan.sent()).toEqual([]);
    alan.happens({ kind: "connected" });
    const request = alan.asked();
    expect(request).toEqual({ name: "resume", token: "t0ken", publicKey: alan.publicKey });
    alan.answersSecurely(request, { name: "resumeACK", user: "alan", token: "t0ken" });
    expect(alan.words()).toEqual(["The server is back"]);
    expect(alan.sent()).toMatchObject([{ name: "result", claim: "WIN" }]);
  });

  it("is told, when it is back, that a match is still on", () => {
    const { alan } = new Table();
    alan.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" });
    alan.answersSecurely(alan.asked(), { name: "resumeACK", user: "alan", token: "t0ken" });
    const ticket = alan.session.match?.transcript.ticketText;
    expect(alan.sent()).toEqual([{ name: "playing", ticket }]);
  });

  it("gets an unconfirmed acceptance again, because it may have become a match", () => {
    const { alan, beto } = { alan: DrivenSession.loggedIn("alan"), beto: DrivenSession.loggedIn("beto") };
    beto.hears({ name: "invite", user: "alan" }).runs({ name: "answer", isYes: true });
    beto.happens({ kind: "listening", gamePort: 4000, pingPort: 4001 });
    const answer = beto.sent().at(-1);
    beto.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" }).resumes();
    expect(beto.sent()).toEqual([answer]);
    expect(beto.take("stop-listening")).toEqual([]);
    beto.hears({ name: "answerACK", user: "alan", ticket: ticketFor(alan, beto) });
    expect(beto.session.match?.opponent.user).toBe("alan");
  });

  it("that knows no such acceptance ends the invitation", () => {
    const beto = DrivenSession.loggedIn("beto");
    beto.hears({ name: "invite", user: "alan" }).runs({ name: "answer", isYes: true });
    beto.happens({ kind: "listening", gamePort: 4000, pingPort: 4001 });
    beto.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" }).resumes();
    beto.isRefused("answer", "NO_INVITATION");
    expect(beto.take("stop-listening")).toHaveLength(1);
    expect(beto.session.phase).toBe("logged-in");
  });

  it("that ended the login does not get an earlier acceptance again", () => {
    const beto = DrivenSession.loggedIn("beto");
    beto.hears({ name: "invite", user: "alan" }).runs({ name: "answer", isYes: true });
    beto.happens({ kind: "listening", gamePort: 4000, pingPort: 4001 });
    beto.happens({ kind: "lost", isReplaced: true }).happens({ kind: "connected" });
    expect(beto.take("stop-listening")).toHaveLength(1);
  });

  it("gets an unanswered result again", () => {
    const table = new Table();
    table.play("11 21 12 22 13");
    const { alan } = table;
    const first = alan.sent();
    alan.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" });
    alan.answersSecurely(alan.asked(), { name: "resumeACK", user: "alan", token: "t0ken" });
    expect(alan.sent()).toEqual(first);
  });

  it("ends the login when it no longer knows the token", () => {
    const alan = DrivenSession.loggedIn("alan");
    alan.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" });
    alan.words();
    const error = { name: "error", request: "resume", code: "BAD_TOKEN", text: "" } as const;
    alan.answersSecurely(alan.asked(), error);
    expect(alan.words()).toEqual(["The server is back, but your login has ended: log in again"]);
    expect(alan.session.phase).toBe("connected");
  });

  it("is asked again when the secure connection fails, with one notice", () => {
    const alan = DrivenSession.loggedIn("alan").happens({ kind: "lost", isReplaced: false });
    alan.words();
    const notice = { kind: "secure-failed", reason: "it does not answer" } as const;
    alan.happens({ kind: "connected" }).happens({ kind: "not-answered", request: alan.asked(), notice });
    expect(alan.words()).toEqual(["No secure connection to the server: it does not answer. Try again"]);
    alan.timerFires(2_000).happens({ kind: "not-answered", request: alan.asked(), notice });
    expect(alan.words()).toEqual([]);
    alan.timerFires(2_000).resumes();
    expect(alan.words()).toEqual(["The server is back"]);
  });

  it("whose certificate has changed gets no token", () => {
    const alan = DrivenSession.loggedIn("alan").happens({ kind: "lost", isReplaced: false });
    const notice = { kind: "certificate-expired", server: "127.0.0.1:3000" } as const;
    alan.happens({ kind: "connected" }).happens({ kind: "not-answered", request: alan.asked(), notice });
    expect(alan.take("start-timer")).toEqual([]);
    expect(alan.session.phase).toBe("connected");
  });

  it("is not asked to resume after a login elsewhere", () => {
    const alan = DrivenSession.loggedIn("alan").happens({ kind: "lost", isReplaced: true });
    expect(alan.words()).toEqual([
      "You logged in elsewhere, so this login has ended: `reconnect`, then log in",
    ]);
    alan.runs({ name: "reconnect" });
    expect(alan.take("reconnect")).toHaveLength(1);
    alan.happens({ kind: "connected" });
    expect(alan.take("ask-securely")).toEqual([]);
  });
});
