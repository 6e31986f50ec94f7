import { expect, it } from "vitest";
import { DrivenSession } from "./driven-session.fixture.ts";

const dropped = { kind: "secure-failed", reason: "it closed the connection" } as const;

it("is asked for once, although the server went away while a second try was due", () => {
  const alan = DrivenSession.loggedIn("alan");
  alan.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" });
  alan.happens({ kind: "not-answered", request: alan.asked(), notice: dropped });
  alan.happens({ kind: "lost", isReplaced: false }).timerFires(2_000).happens({ kind: "connected" });
  expect(alan.take("ask-securely")).toHaveLength(1);
});

it("a `resume` whose answer was lost has happened: the next is refused, and the login goes on", () => {
  const alan = DrivenSession.loggedIn("alan");
  alan.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" });
  alan.happens({ kind: "not-answered", request: alan.asked(), notice: dropped }).timerFires(2_000);
  const refusal = { name: "error", request: "resume", code: "ALREADY_LOGGED_IN", text: "" } as const;
  alan.answersSecurely(alan.asked(), refusal);
  expect([alan.session.phase, alan.session.user]).toEqual(["logged-in", "alan"]);
});

it("a login whose answer was lost is in the way of the next: it leaves the connection, so that a new one comes", () => {
  const alan = DrivenSession.connected();
  const login = { name: "login", user: "alan", password: "secret" } as const;
  alan.runs(login);
  alan.happens({ kind: "not-answered", request: alan.asked(), notice: dropped }).runs(login);
  const refusal = { name: "error", request: "login", code: "ALREADY_LOGGED_IN", text: "" } as const;
  alan.answersSecurely(alan.asked(), refusal);
  expect(alan.sent()).toEqual([{ name: "exit" }]);
});

it("a login of an earlier run, once confirmed, looks for what other runs have left, as a typed one does", () => {
  const alan = new DrivenSession();
  const login = {
    user: "alan",
    token: "t0ken",
    privateKey: DrivenSession.loggedIn("alan").disk.login!.privateKey,
  };
  alan.happens({ kind: "restored", kept: { login, matches: [] } }).happens({ kind: "connected" });
  const resume = alan.asked();
  expect(alan.take("recall")).toEqual([]);
  alan.answersSecurely(resume, { name: "resumeACK", user: "alan", token: "t0ken" });
  expect(alan.take("recall")).toEqual([{ kind: "recall", user: "alan" }]);
});
