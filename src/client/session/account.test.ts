import { expect, it } from "vitest";
import { DrivenSession } from "./driven-session.fixture.ts";

const dropped = { kind: "secure-failed", reason: "it closed the connection" } as const;

it("sends one `resume`, although the server went away while a second try was due", () => {
  const alan = DrivenSession.loggedIn("alan");
  alan.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" });
  alan.happens({ kind: "not-answered", request: alan.asked(), notice: dropped });
  alan.happens({ kind: "lost", isReplaced: false }).timerFires(2_000).happens({ kind: "connected" });
  expect(alan.take("ask-securely")).toHaveLength(1);
});

it("continues the login when a `resume` is refused because the answer to an earlier one was lost", () => {
  const alan = DrivenSession.loggedIn("alan");
  alan.happens({ kind: "lost", isReplaced: false }).happens({ kind: "connected" });
  alan.happens({ kind: "not-answered", request: alan.asked(), notice: dropped }).timerFires(2_000);
  const refusal = { name: "error", request: "resume", code: "ALREADY_LOGGED_IN", text: "" } as const;
  alan.answersSecurely(alan.asked(), refusal);
  expect([alan.session.phase, alan.session.user]).toEqual(["logged-in", "alan"]);
});

it("reconnects when a login is refused because the answer to an earlier one was lost", () => {
  const alan = DrivenSession.connected();
  const login = { name: "login", user: "alan", password: "secret" } as const;
  alan.runs(login);
  alan.happens({ kind: "not-answered", request: alan.asked(), notice: dropped }).runs(login);
  const refusal = { name: "error", request: "login", code: "ALREADY_LOGGED_IN", text: "" } as const;
  alan.answersSecurely(alan.asked(), refusal);
  expect(alan.sent()).toEqual([{ name: "exit" }]);
});

it("recalls the matches of other runs after a confirmed login of an earlier run, as after a typed one", () => {
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
