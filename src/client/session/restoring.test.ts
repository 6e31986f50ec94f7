import { describe, expect, it } from "vitest";
import { DrivenSession, MATCH_ID, Table } from "./driven-session.fixture.ts";
import { type Kept, nothingKept } from "./kept.ts";

const badToken = { name: "error", request: "resume", code: "BAD_TOKEN", text: "" } as const;

/** A program started again, which finds `kept`; the server is not there yet. */
function startedWith(kept: Kept): DrivenSession {
  const player = new DrivenSession();
  return player.happens({ kind: "restored", kept });
}

function afterTwoMoves(): Table {
  const table = new Table();
  table.play("22 11");
  return table;
}

/** With the right password, which a server says of one who is logged in by refusing the login itself. */
function logsInAsBeto(session: DrivenSession, code = "ALREADY_LOGGED_IN"): DrivenSession {
  session.runs({ name: "login", user: "beto", password: "secret" });
  return session.answersSecurely(session.asked(), { name: "error", request: "login", code, text: "" });
}

describe("after a restart, a player", () => {
  it("is logged in with the saved token and key", () => {
    const alan = DrivenSession.loggedIn("alan");
    const again = startedWith(alan.disk).happens({ kind: "connected" });
    expect(again.session.isWaiting).toBe(true);
    const request = again.asked();
    expect(request).toEqual({ name: "resume", token: "t0ken", publicKey: alan.publicKey });
    again.answersSecurely(request, { name: "resumeACK", user: "alan", token: "t0ken" });
    expect(again.words()).toEqual([
      "Connected to 127.0.0.1:3000",
      "Logged in as alan, as before (login or logout to change that)",
    ]);
    again.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" }).words();
    again.resumes();
    expect(again.words()).toEqual(["The server is back"]);
  });

  it("has to log in again when the server no longer accepts the token", () => {
    const again = startedWith(DrivenSession.loggedIn("alan").disk).happens({ kind: "connected" });
    again.words();
    again.answersSecurely(again.asked(), badToken);
    expect(again.words()).toEqual(["The last login, as alan, has ended: log in again"]);
    expect(again.session.phase).toBe("connected");
    expect(again.disk).toEqual(nothingKept);
  });

  it("may log in as somebody else, which ends the saved login", () => {
    const again = DrivenSession.loggedIn("alan").restarted().resumes();
    logsInAsBeto(again);
    expect(again.sent()).toEqual([{ name: "logout" }]);
    again.hears({ name: "logoutACK" });
    expect(again.asked()).toMatchObject({ name: "login", user: "beto" });
  });

  it("stays logged in when the password of such a login is wrong", () => {
    const again = DrivenSession.loggedIn("alan").restarted().resumes();
    again.words();
    logsInAsBeto(again, "BAD_CREDENTIALS");
    expect(again.sent()).toEqual([]);
    expect(again.words()).toEqual(["Wrong user name or password"]);
    expect(again.session.user).toBe("alan");
  });

  it("stays logged in when the logout before such a login is refused", () => {
    const again = DrivenSession.loggedIn("alan").restarted().resumes();
    logsInAsBeto(again).isRefused("logout", "IN_MATCH");
    again.runs({ name: "logout" }).hears({ name: "logoutACK" });
    expect(again.take("ask-securely")).toEqual([]);
  });

  it("dials the opponent, and has the same board, turn and signatures", () => {
    const { alan } = afterTwoMoves();
    const again = startedWith(alan.disk);
    expect(again.words()).toEqual([
      "Back in the match with beto: you are X",
      "Your move: send <row> <column>",
    ]);
    expect(again.take("dial-peer")).toMatchObject([{ host: "127.0.0.1", gamePort: 4000, pingPort: 4001 }]);
    expect(again.session.match?.transcript).toEqual(alan.session.match?.transcript);
    expect(again.session.phase).toBe("playing");
  });

  it("who was the invitee listens on its own ports, whatever was announced", () => {
    const beto = DrivenSession.loggedIn("beto");
    const table = new Table();
    table.beto = beto.hears({ name: "invite", user: "alan" }).runs({ name: "answer", isYes: true });
    table.alan = DrivenSession.loggedIn("alan").runs({ name: "begin", user: "beto" });
    table.seat(MATCH_ID, { host: "beto.example", gamePort: 1, pingPort: 2 });
    const again = startedWith(beto.disk);
    expect(again.take("await-peer-again")).toMatchObject([{ gamePort: 4000, pingPort: 4001 }]);
  });

  it("tells the server that the match continues", () => {
    const again = afterTwoMoves().alan.restarted().resumes();
    expect(again.sent()).toMatchObject([{ name: "playing" }]);
  });

  it("asks for the outcome of a match that is no longer open at the server", () => {
    const again = afterTwoMoves().alan.restarted().resumes();
    again.words();
    again.sent();
    again.isRefused("playing", "UNKNOWN_MATCH").timerFires(2_000);
    expect(again.words()).toEqual(["The server says that the match with beto is over; the result follows"]);
    expect(again.sent()).toMatchObject([{ name: "result", claim: "ABANDONED" }]);
    again.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "LOST", points: 0 });
    expect(again.words()).toEqual(["You lost"]);
  });

  it("sends the pending result, and the last action to an opponent who lacks it", () => {
    const table = afterTwoMoves();
    table.alan.happens({ kind: "lost", isReplaced: false }).runs({ name: "end" });
    const again = startedWith(table.alan.disk);
    expect(again.words()).toEqual(["The result of alan against beto is still to be sent"]);
    again.happens({ kind: "peer-joined", matchId: MATCH_ID });
    again.happens({ kind: "peer-said", matchId: MATCH_ID, message: { name: "have", n: 2 } });
    expect(again.sentToPeer()).toMatchObject([
      { name: "have", n: 3 },
      { name: "end", symbol: "X", n: 3 },
    ]);
    again.happens({ kind: "connected" }).resumes();
    expect(again.sent()).toMatchObject([{ name: "result", claim: "LOST" }]);
  });

  it("does not resume a match whose signatures are not valid", () => {
    const { login, matches } = afterTwoMoves().alan.disk;
    const forged = matches.map((match) => ({ ...match, actions: [...match.actions].reverse() }));
    const again = startedWith({ login, matches: forged });
    expect(again.words()).toEqual(["The saved state of a match is damaged, so it cannot continue here"]);
    expect(again.session.match).toBeNull();
  });
});

describe("after a login with a password, a player", () => {
  it("resumes the match of an earlier run", () => {
    const { alan } = afterTwoMoves();
    const again = DrivenSession.loggedIn("alan");
    expect(again.take("recall")).toEqual([{ kind: "recall", user: "alan" }]);
    again.happens({ kind: "recalled", matches: alan.disk.matches });
    expect(again.words()[0]).toBe("Back in the match with beto: you are X");
    expect(again.sent()).toMatchObject([{ name: "playing" }]);
    expect(again.disk.matches).toEqual(alan.disk.matches);
  });

  it("sends the pending result of an earlier run once", () => {
    const table = afterTwoMoves();
    table.alan.happens({ kind: "lost", isReplaced: false }).runs({ name: "end" });
    const { matches } = table.alan.disk;
    const again = DrivenSession.loggedIn("alan");
    again.happens({ kind: "recalled", matches }).happens({ kind: "recalled", matches });
    expect(again.sent()).toMatchObject([{ name: "result", claim: "LOST" }]);
  });
});
