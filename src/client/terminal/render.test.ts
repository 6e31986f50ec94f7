import { expect, it } from "vitest";
import { en } from "../texts/en.ts";
import { renderNotice } from "./render.ts";
import { plainStyle } from "./style.ts";

it("what a server says of an error cannot control the terminal", () => {
  const text = "\x1b]0;owned\x07\x1b[2J\x1b[HLogged out.\nPassword of alan:";
  const notice = { kind: "server-refused", request: "leaders", code: "SOMETHING", text } as const;
  const shown = renderNotice(notice, en, plainStyle);
  expect(shown).toMatch(/^[\x20-\x7e]+$/);
  expect(shown).toContain("Logged out.?Password of alan:");
});
