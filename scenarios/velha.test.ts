import { expect, it } from "vitest";
import { readEvent } from "../harness/program.ts";
import { clientEvents, serverEvents } from "./velha.ts";

it.each([
  ["Connected to 127.0.0.1:3000", "connected", "connected"],
  ["User 'alan' created", "adduser", "account"],
  ["Logged in as alan", "login", "login"],
  ["Inviting beto...", "invitation", "invitation"],
  ["Match with alan: you are O", "match", "match begins"],
  ["You played 2 3", "move", "alan 2 3"],
  ["You won! +2 points", "result", "alan won"],
  ["You lost", "result", "alan lost"],
  ["Draw! +1 point", "result", "draw"],
  ["Logged out", "logout", "logout"],
  ["Goodbye", "goodbye", "goodbye"],
])("A client's line %j is the event %s, written %j on charts", (line, name, label) => {
  expect(readEvent(line, clientEvents("alan"))).toEqual({ name, label });
});

it.each([
  "alan invites you to a match! Accept? [Y/n]",
  "Match with beto: you are X",
  "beto played 1 1",
  "Waiting for beto...",
])("A client's line %j is no event of its own: the other side tells it", (line) => {
  expect(readEvent(line, clientEvents("alan"))).toBeNull();
});

it("The server's first line is the event listening", () => {
  const line = "Listening on 127.0.0.1 port 3000, TLS port 3001";
  expect(readEvent(line, serverEvents)).toEqual({ name: "listening", label: "listening" });
});
