import { expect, it } from "vitest";
import { maskSecrets, withoutSecrets } from "./secrets.ts";

it.each([
  ["login alan secret", "login alan ******", "login alan"],
  ["  login  alan  se cr", "  login  alan  ** **", "login  alan"],
  ["adduser alan s", "adduser alan *", "adduser alan"],
  ["passwd old new", "passwd *** ***", "passwd"],
  ["PASSWD old", "PASSWD ***", "PASSWD"],
  ["login alan ", "login alan ", "login alan"],
  ["login alan", "login alan", "login alan"],
  ["send 1 1", "send 1 1", "send 1 1"],
  ["logn alan secret", "logn alan ******", "logn alan"],
  ["paswd old new", "paswd *** ***", "paswd"],
  ["sned 1 1", "sned 1 1", "sned 1 1"],
  ["register alan secret", "register alan ******", "register alan"],
  ["/login alan secret", "/login alan ******", "/login alan"],
  ["", "", ""],
])("%j is shown as %j and remembered as %j", (line, shown, remembered) => {
  expect(maskSecrets(line)).toBe(shown);
  expect(withoutSecrets(line)).toBe(remembered);
});
