import { maskedMessage, readEvent } from "fiel";
import { expect, it } from "vitest";
import { clientEvents, messages, serverEvents } from "./velha.ts";

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
  ["Back in the match with alan: you are O", "match-resumed", "match resumed"],
  ["The server is away; trying to reach it. Your match goes on", "server-away", "server away"],
  ["The server is back", "server-back", "server back"],
  ["The server did not come back within 3 minutes: `reconnect` tries again", "gave-up", "gave up"],
  ["The result is kept and will be sent when the server is back", "result-kept", "result kept"],
  ["No connection to beto; trying again", "link-lost", "link lost"],
  ["beto is connected again", "link-back", "link back"],
  ["beto could not be reached for 3 minutes: the match is broken off", "opponent-gone", "opponent gone"],
  ["The match was broken off; the server settles it within 3 minutes", "abandoned", "match abandoned"],
  ["       beto   playing", "listed", "beto is playing"],
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
])("A client's line %j is no event: it belongs to the other side", (line) => {
  expect(readEvent(line, clientEvents("alan"))).toBeNull();
});

it.each([
  ["Listening on 127.0.0.1 port 3000, TLS port 3001", "listening", "listening"],
  ["[2026-03-14 15:09:26] Last run ended unexpectedly; 1 match was on", "crash-noticed", "last run crashed"],
  [
    "[2026-03-14 15:09:26] Heartbeat lost: user 'alan' from ip 127.0.0.1 and port 50000",
    "heartbeat-lost",
    "alan is lost",
  ],
])("The server's line %j is the event %s, written %j on charts", (line, name, label) => {
  expect(readEvent(line, serverEvents)).toEqual({ name, label });
});

const token = "d7LrmEwUMQy0bVvlb9mUPwVSgsnRyT8Qq0dDf0zBqFA";
const signature = token.repeat(2);

it.each([
  ["login;alan;open sesame", "login;alan;•••"],
  [`LOGIN;alan;sesame;${token}`, "LOGIN;alan;•••"],
  ["adduser;alan;sesame", "adduser;alan;•••"],
  ["passwd;sesame;open sesame", "passwd;•••"],
  [`resume;${token};${token}`, "resume;•••"],
  [`loginACK;alan;${token}`, "loginACK;alan;•••"],
  [`resumeACK;alan;${token}`, "resumeACK;alan;•••"],
  ["secport;3001;AAECAwQFBgcICQoLDA0ODw", "secport;3001;•••"],
  ["heartbeat;AAECAwQFBgcICQoLDA0ODw", "heartbeat;•••"],
  [
    `answer;Beto;True;127.0.0.1;40001;40002;${token}.${token}`,
    "answer;Beto;True;127.0.0.1;40001;40002;d7Lrm…",
  ],
  [`play;2;2;1;${signature}`, "play;2;2;1;d7Lrm…"],
  [`proof;${signature}`, "proof;d7Lrm…"],
  ["listACK;alan:free;beto:playing", "listACK;alan:free;beto:playing"],
])("The line %j is shown as %j", (line, seen) => {
  expect(maskedMessage(messages, `${line}\n`)).toBe(seen);
});
