import { expect, it } from "vitest";
import { DrivenSession } from "./driven-session.fixture.ts";

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
