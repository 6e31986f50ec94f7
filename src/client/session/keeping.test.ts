import { describe, expect, it } from "vitest";
import { DrivenSession, MATCH_ID, Table } from "./driven-session.fixture.ts";
import type { Effect } from "./event.ts";
import { nothingKept } from "./kept.ts";

const kindsOf = (effects: Effect[]) => effects.map(({ kind }) => kind);
const corner = { kind: "command", command: { name: "send", row: 1, column: 1 } } as const;

describe("saving a session", () => {
  it("sends an own action only after it is saved", () => {
    const { alan } = new Table();
    const effects = alan.session.handle(corner);
    expect(kindsOf(effects)).toEqual(["keep"]);
    expect(effects[0]).toMatchObject({ kept: { matches: [{ actions: [{ row: 1, column: 1 }] }] } });
    expect(alan.session.match?.transcript.actions).toHaveLength(0);
    expect(kindsOf(alan.session.handle({ kind: "kept" }))).toContain("send-to-peer");
    expect(alan.session.match?.transcript.actions).toHaveLength(1);
  });

  it("undoes an own action that cannot be saved, so that it can be tried again", () => {
    const { alan } = new Table();
    alan.session.handle(corner);
    alan.kinds();
    alan.happens({ kind: "not-kept", reason: "no space left on device" });
    expect(alan.words()).toEqual([
      "Not done: it could not be saved: no space left on device. Correct that and try again",
    ]);
    expect(alan.kinds()).toEqual(["say"]);
    alan.runs({ name: "send", row: 2, column: 2 });
    expect(alan.sentToPeer()).toMatchObject([{ name: "play", row: 2, column: 2, n: 1 }]);
  });

  it("saves the opponent's action before its effects", () => {
    const { alan, beto } = new Table();
    alan.runs(corner.command);
    const [message] = alan.sentToPeer();
    if (!message) throw new Error("Alan sent nothing");
    const effects = beto.session.handle({ kind: "peer-said", matchId: MATCH_ID, message });
    expect(kindsOf(effects)[0]).toBe("keep");
  });

  it("reports a full disk once, and tries again at the next event", () => {
    const alan = DrivenSession.connected();
    alan.words();
    alan.happens({ kind: "not-kept", reason: "full" }).happens({ kind: "not-kept", reason: "full" });
    expect(alan.words()).toEqual([
      "The state folder cannot be written, so a crash would lose what happens now: full",
    ]);
    expect(kindsOf(alan.session.handle({ kind: "timer", id: 0 }))).toEqual(["keep"]);
    expect(kindsOf(alan.session.handle({ kind: "kept" }))).toEqual([]);
    expect(kindsOf(alan.session.handle({ kind: "timer", id: 0 }))).toEqual([]);
  });

  it("keeps a login until it ends", () => {
    const ends: ((player: DrivenSession) => void)[] = [
      (player) => player.runs({ name: "logout" }).hears({ name: "logoutACK" }),
      (player) => player.happens({ kind: "lost", isReplaced: true }),
      (player) => {
        player.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" });
        const error = { name: "error", request: "resume", code: "BAD_TOKEN", text: "" } as const;
        player.answersSecurely(player.asked(), error);
      },
    ];
    for (const end of ends) {
      const player = DrivenSession.loggedIn("alan");
      expect(player.disk.login).toMatchObject({ user: "alan", token: "t0ken" });
      end(player);
      expect(player.disk).toEqual(nothingKept);
    }
  });

  it("keeps a match until its result is acknowledged", () => {
    const table = new Table();
    table.play("11 21 12 22 13");
    expect(table.alan.disk.matches).toMatchObject([{ self: "alan", isLeft: false }]);
    table.alan.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "WIN", points: 2 });
    expect(table.alan.disk.matches).toEqual([]);
    expect(table.alan.disk.login).not.toBeNull();
  });
});
