// docs/PROTOCOL.md §1
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ServerProcess } from "../servers/server-process.ts";
import { RawConnection } from "../wire/raw-connection.ts";
import { join, openControl, openTls, type WholeClient } from "../wire/whole-client.ts";

let server: ServerProcess;
let anonymous: RawConnection;
let anonymousTls: RawConnection;
let alan: WholeClient;
beforeAll(async () => {
  server = await ServerProcess.start();
  const opened = await openControl(server);
  anonymous = opened.control;
  anonymousTls = (await openTls(server, opened.connectionId)).tls;
  alan = await join(server, "Alan");
});
afterAll(() => server.dispose());

describe("lines", () => {
  test("a CR before the LF and empty lines are ignored", async () => {
    anonymous.saysBytes("\n\r\n\nlist\r\n\n");
    await anonymous.sees("listACK;Alan:free");
    await anonymous.asks("list", "listACK;Alan:free");
  });

  test("a line may arrive in many pieces, and many lines in one piece", async () => {
    for (const byte of "li") anonymous.saysBytes(byte);
    await anonymous.asks("st\nlist\nleaders", "listACK;Alan:free");
    await anonymous.sees("listACK;Alan:free");
    await anonymous.sees("leadersACK;Alan:0");
  });

  test("requests are answered in order, slow and quick ones alike", async () => {
    const names = ["Beto", "Carla", "Davi"];
    anonymousTls.says(
      ...names.map((name) => `adduser;${name};correct horse`),
      "adduser;x;short",
      "login;Beto;wrong",
    );
    for (const name of names) await anonymousTls.sees(`adduserACK;${name}`);
    await anonymousTls.sees("adduserERR;BAD_PASSWORD;…");
    await anonymousTls.sees("loginERR;BAD_CREDENTIALS;…");
  });

  test("requests before the end of the connection are answered", async () => {
    const { control } = await openControl(server);
    control.says("list", "exitt", "list").socket.end();
    await control.sees("listACK;Alan:free");
    await control.sees("ERR;UNKNOWN_COMMAND;…");
    await control.sees("listACK;Alan:free");
    await control.seesClose();
  });

  test("requests before the end of a TLS connection are answered", async () => {
    const { control, connectionId } = await openControl(server);
    const tls = await RawConnection.openTls(server.tlsPort);
    tls.says(`bind;${connectionId}`, "login;Beto;wrong", "resume;AAAA").socket.end();
    await tls.sees("bindACK;<key>");
    await tls.sees("loginERR;BAD_CREDENTIALS;…");
    await tls.sees("resumeERR;BAD_TOKEN;…");
    await tls.seesClose();
    control.close();
  });
});

describe("blocks", () => {
  test("escapes are read in upper and lower case, unnecessary ones too", async () => {
    await anonymousTls.asks("adduser;%45va;semi%3Bcolon%25", "adduserACK;Eva");
    await anonymousTls.asks("login;Eva;semi%3bcolon%25", "loginACK;Eva;<token>");
    await anonymous.asks("logout", "logoutACK");
  });

  test("additional blocks are ignored", async () => {
    await anonymous.asks("list;0;more;%zz", "listACK;Alan:free");
    await anonymousTls.asks("adduser;Fabio;correct horse;more", "adduserACK;Fabio");
    await alan.control.asks("begin;Nobody;40001;40002;a.example;and;more", "beginERR;NOT_CONNECTED;…");
  });

  const key = "A".repeat(43);
  test.each([
    "list;-1",
    "list;ten",
    "list;",
    "list;%",
    "list;%3",
    "list;%zz",
    "leaders;%C3",
    "begin",
    "begin;",
    "begin;not a name",
    `begin;${"x".repeat(33)}`,
    "cancel",
    "answer;Alan",
    "answer;Alan;true",
    "answer;Alan;True",
    "answer;Alan;True;40001",
    "answer;Alan;True;40001;Alan",
    "answer;Alan;True;0;Alan;40002",
    "answer;Alan;True;40001;Alan;65536",
    "answer;Alan;True;port;Alan;40002",
    "playing",
    "playing;not canonical",
    "playing;AAAA.AB",
    "result",
    "result;Alan;Beto;WIN",
    "result;Alan;Beto;VOID;AAAA.AAAA",
    "result;Alan;Beto;WIN;AAAA.AAAA;1,1,AAAA",
    `result;Alan;Beto;WIN;AAAA.AAAA;1,4,${"A".repeat(86)}`,
  ])("%s is BAD_ARGUMENTS, before NOT_LOGGED_IN", async (line) => {
    await anonymous.asks(line, `${line.split(";")[0]}ERR;BAD_ARGUMENTS;…`);
  });

  test.each([
    "adduser",
    "adduser;Alan",
    "adduser;Alan;%",
    "adduser;Alan;%E9",
    "login;Alan",
    `login;Alan;correct horse;${key}A`,
    "login;Alan;correct horse;AAAA",
    "login;Alan;correct horse;",
    "resume",
    "resume;not canonical",
    "passwd;correct horse",
    "bind",
    "bind;A",
  ])("over TLS %s is BAD_ARGUMENTS, before NOT_LOGGED_IN", async (line) => {
    await anonymousTls.asks(line, `${line.split(";")[0]}ERR;BAD_ARGUMENTS;…`);
  });

  test("an acceptance in another user's name is BAD_ARGUMENTS", async () => {
    await alan.control.asks("answer;Beto;True;40001;Beto;40002", "answerERR;BAD_ARGUMENTS;…");
  });
});

describe("names", () => {
  test.each(["hello", "LIST", "List", "constructor", ";list", " list"])(
    "%s is UNKNOWN_COMMAND, on every connection",
    async (line) => {
      await anonymous.asks(line, "ERR;UNKNOWN_COMMAND;…");
      await anonymousTls.asks(line, "ERR;UNKNOWN_COMMAND;…");
      alan.heartbeat.says(line);
      await skipPings(alan.heartbeat, "ERR;UNKNOWN_COMMAND;…");
    },
  );

  test.each([
    "login;Alan;correct horse",
    "adduser;a;b",
    "passwd;a;b",
    "bind;AAAA",
    "resume;AAAA",
    "heartbeat;AAAA",
    "pong;1",
    "ping;1",
  ])("%s on the control connection is WRONG_CONNECTION", async (line) => {
    await anonymous.asks(line, `${line.split(";")[0]}ERR;WRONG_CONNECTION;…`);
  });

  test.each(["list", "leaders", "begin;Alan", "exit", "logout", "heartbeat;AAAA", "pong;1"])(
    "%s over TLS is WRONG_CONNECTION",
    async (line) => {
      await anonymousTls.asks(line, `${line.split(";")[0]}ERR;WRONG_CONNECTION;…`);
    },
  );

  test.each(["list", "begin;Beto", "login;Alan;correct horse"])(
    "%s on the heartbeat connection is WRONG_CONNECTION",
    async (line) => {
      alan.heartbeat.says(line);
      await skipPings(alan.heartbeat, `${line.split(";")[0]}ERR;WRONG_CONNECTION;…`);
    },
  );

  test.each([
    "inviteACK;Beto",
    "inviteACK",
    "inviteERR;Beto;BUSY",
    "answerACK;Beto",
    "answerACK;%zz",
    "settledACK",
    "disconnectACK",
    "ERR;BAD_LINE",
  ])("%s acknowledges nothing and is ignored", async (line) => {
    for (const control of [anonymous, alan.control]) {
      control.says(line);
      await control.asks("list", "listACK;Alan:free");
    }
  });
});

test("error texts follow the code, in English, on one line", async () => {
  anonymous.says("begin;Beto");
  expect(await anonymous.nextLine()).toMatch(/^beginERR;NOT_LOGGED_IN;[a-z][a-z ,:]+$/);
});

async function skipPings(connection: RawConnection, pattern: string): Promise<void> {
  while (connection.unseen[0]?.startsWith("ping;")) await connection.nextLine();
  await connection.sees(pattern);
}
