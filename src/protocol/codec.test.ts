import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatError, formatMessage, parseAnswer, parseMessage } from "./codec.ts";
import { type ErrorCode, errorTexts, isErrorCode } from "./errors.ts";
import { anyMessage } from "./messages.fixture.ts";
import * as messages from "./messages.ts";

const tables = {
  controlFromClient: messages.controlFromClient,
  controlFromServer: messages.controlFromServer,
  tlsFromClient: messages.tlsFromClient,
  tlsFromServer: messages.tlsFromServer,
  heartbeatFromClient: messages.heartbeatFromClient,
  heartbeatFromServer: messages.heartbeatFromServer,
  game: messages.game,
  delay: messages.delay,
} satisfies Record<string, messages.MessageTable>;
const everyMessage = Object.entries(tables).flatMap(([table, shapes]) =>
  Object.keys(shapes).map((name) => [table as keyof typeof tables, name] as const),
);

/** As tables of any message: the tests go over names that the types cannot know. */
const tableNamed = (name: keyof typeof tables): messages.MessageTable => tables[name];

describe.each(everyMessage)("%s: %s", (tableName, name) => {
  const table = tableNamed(tableName);

  test("is restored from its line unchanged", () => {
    fc.assert(
      fc.property(anyMessage(table, name), (message) => {
        const line = formatMessage(table, message as messages.Message<typeof table>);
        expect(line).toMatch(/^[\x20-\x7e]+$/);
        expect(parseMessage(table, line)).toEqual({ ok: true, message });
        expect(parseAnswer(table, line)).toEqual({ ok: true, message });
      }),
      { numRuns: 30 },
    );
  });

  const shape = table[name] as Record<
    string,
    { isOptional?: boolean; isRest?: boolean; ignoresOthers?: boolean }
  >;
  const fields = Object.values(shape);
  const required = fields.filter((field) => !field.isOptional && !field.isRest).length;

  test("with too few blocks is BAD_ARGUMENTS", () => {
    fc.assert(
      fc.property(anyMessage(table, name), (message) => {
        const blocks = formatMessage(table, message as messages.Message<typeof table>).split(";");
        for (let count = 1; count <= required; count++)
          expect(parseMessage(table, blocks.slice(0, count).join(";"))).toEqual({
            ok: false,
            code: "BAD_ARGUMENTS",
            name,
          });
      }),
      { numRuns: 5 },
    );
  });

  test("with a bad escape in any of its blocks is BAD_ARGUMENTS", () => {
    fc.assert(
      fc.property(anyMessage(table, name), fc.constantFrom("%", "%4", "%zz", "%ff"), (message, bad) => {
        const blocks = formatMessage(table, message as messages.Message<typeof table>).split(";");
        for (let index = 1; index < blocks.length; index++)
          if (!fields[index - 1]?.ignoresOthers)
            expect(parseMessage(table, blocks.with(index, bad).join(";"))).toEqual({
              ok: false,
              code: "BAD_ARGUMENTS",
              name,
            });
      }),
      { numRuns: 5 },
    );
  });
});

const fixedMessages = everyMessage.filter(([table, name]) =>
  Object.values(tableNamed(table)[name] as object).every((field) => !field.isRest),
);
test.each(fixedMessages)("%s: %s with additional blocks is the same message", (tableName, name) => {
  const table = tableNamed(tableName);
  fc.assert(
    fc.property(anyMessage(table, name), (message) => {
      fc.pre(Object.keys(message).length === Object.keys(table[name] as object).length + 1);
      const line = formatMessage(table, message as messages.Message<typeof table>);
      expect(parseMessage(table, `${line};more;%zz;`)).toEqual({ ok: true, message });
    }),
    { numRuns: 5 },
  );
});

test("any line is parsed or refused with a code, without an exception", () => {
  const line = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  });
  const nearly = fc
    .tuple(fc.constantFrom(...everyMessage.map(([, name]) => name)), line)
    .map((all) => all.join(";"));
  fc.assert(
    fc.property(fc.oneof(line, nearly), (text) => {
      for (const [name] of Object.entries(tables))
        expect(typeof parseAnswer(tableNamed(name as keyof typeof tables), text).ok).toBe("boolean");
    }),
  );
});

describe("a line that is not a message of the connection", () => {
  const { controlFromClient, tlsFromClient, game } = tables;
  test.each([
    ["a name nobody knows", "lists", "UNKNOWN_COMMAND"],
    ["a name in another case", "LIST", "UNKNOWN_COMMAND"],
    ["a name that objects have by birth", "constructor", "UNKNOWN_COMMAND"],
    ["another such name", "__proto__;a", "UNKNOWN_COMMAND"],
    ["an empty name", ";list", "UNKNOWN_COMMAND"],
    ["a message of the TLS connection", "login;a;b", "WRONG_CONNECTION"],
    ["a message of the heartbeat connection", "pong;1", "WRONG_CONNECTION"],
    ["a message that only the server sends", "invite;Alan", "WRONG_CONNECTION"],
    ["a message between the players", "play;1;1;1;AAAA", "WRONG_CONNECTION"],
  ])("%s", (_, line, code) => {
    expect(parseMessage(controlFromClient, line)).toEqual({ ok: false, code, name: line.split(";")[0] });
  });

  test.each(["listACK", "loginACK;a;b", "cancelERR;NO_INVITATION;x", "ERR;BAD_LINE", "nobodyACK"])(
    "%s acknowledges a message that was never sent, so it is ignored",
    (line) => {
      expect(parseMessage(controlFromClient, line)).toEqual({ ok: false, code: "IGNORED" });
    },
  );

  test("is refused although it is a message of another connection", () => {
    expect(parseMessage(tlsFromClient, "list")).toMatchObject({ code: "WRONG_CONNECTION" });
    expect(parseMessage(game, "begin;Beto")).toMatchObject({ code: "WRONG_CONNECTION" });
  });
});

describe("malformed blocks", () => {
  const id = "AAAAAAAAAAAAAAAAAAAAAA";
  const key = "A".repeat(43);
  const signature = "A".repeat(86);
  test.each([
    ["controlFromClient", "list;-1"],
    ["controlFromClient", "list;x"],
    ["controlFromClient", "list;"],
    ["controlFromClient", "list;1.5"],
    ["controlFromClient", "list;9999999999"],
    ["controlFromClient", "begin;"],
    ["controlFromClient", "begin;a b"],
    ["controlFromClient", `begin;${"a".repeat(33)}`],
    ["controlFromClient", "answer;Alan;true"],
    ["controlFromClient", "answer;Alan;"],
    ["controlFromClient", "playing;"],
    ["controlFromClient", "playing;AB.AAAA"],
    ["controlFromClient", `result;Alan;Beto;VOID;AAAA.AAAA`],
    ["controlFromClient", `result;Alan;Beto;WIN;AAAA.AAAA;1,1,AAAA`],
    ["controlFromClient", `result;Alan;Beto;WIN;AAAA.AAAA;4,1,${signature}`],
    ["controlFromClient", `result;Alan;Beto;WIN;AAAA.AAAA;1,1,${signature},1`],
    ["controlFromClient", `result;Alan;Beto;WIN;AAAA.AAAA;end,Y,${signature}`],
    ["controlFromClient", `result;Alan;Beto;WIN;AAAA.AAAA;`],
    ["tlsFromClient", "bind;not canonical"],
    ["tlsFromClient", `bind;${id}=`],
    ["tlsFromClient", "bind;AAAAAAAAAAAAAAAAAAAAAB"],
    ["tlsFromClient", `login;a;b;${key}A`],
    ["tlsFromClient", "login;a;b;"],
    ["tlsFromClient", "login;a;%C3"],
    ["heartbeatFromClient", "pong;0"],
    ["heartbeatFromClient", "pong;x"],
    ["game", `play;0;1;1;${signature}`],
    ["game", `play;1;1;0;${signature}`],
    ["game", `play;1;1;1;${signature}A`],
    ["game", `end;Z;1;${signature}`],
    ["game", `join;chat;AAAAAAAAAAAAAAAA;Alan;${id}`],
    ["game", `join;game;AAAAAAAAAAAAAAAA;Alan;${id}AA`],
  ] as const)("%s: %s", (table, line) => {
    expect(parseMessage(tableNamed(table), line)).toMatchObject({ ok: false, code: "BAD_ARGUMENTS" });
  });

  test.each([
    ["tlsFromClient", "adduser;;", { name: "adduser", user: "", password: "" }],
    ["tlsFromClient", "login;a%3Bb;%C3%A9", { name: "login", user: "a;b", password: "é" }],
    ["controlFromClient", "playing;AAAA", { name: "playing", ticket: "AAAA" }],
  ] as const)("%s: %s is well-formed, and the server decides on its content", (table, line, message) => {
    expect(parseMessage(tableNamed(table), line)).toEqual({ ok: true, message });
  });
});

describe("errors", () => {
  const codes = Object.keys(errorTexts) as ErrorCode[];

  test.each(codes)("%s is restored from its line, with its text", (code) => {
    expect(isErrorCode(code)).toBe(true);
    for (const request of ["login", ""]) {
      const line = formatError(request, code);
      expect(line.startsWith(`${request}ERR;${code};`)).toBe(true);
      expect(parseAnswer(tables.tlsFromServer, line)).toEqual({
        ok: true,
        message: { name: "error", request, code, text: errorTexts[code] },
      });
    }
  });

  test.each(codes)("the text of %s is printable ASCII, so that people can read it on the wire", (code) => {
    expect(formatError("", code)).toBe(`ERR;${code};${errorTexts[code]}`);
  });

  test("TRY_LATER has its seconds before its text", () => {
    const line = formatError("login", "TRY_LATER", 30);
    expect(line).toBe(`loginERR;TRY_LATER;30;${errorTexts.TRY_LATER}`);
    expect(parseAnswer(tables.tlsFromServer, line)).toMatchObject({
      message: { code: "TRY_LATER", seconds: 30 },
    });
  });

  test.each([
    ["without a text", "beginERR;BUSY", { code: "BUSY", text: "" }],
    ["with a code of a later version", "beginERR;SLEEPY;zzz", { code: "SLEEPY", text: "zzz" }],
    ["with an escaped text", "beginERR;BUSY;in%3Ba match", { code: "BUSY", text: "in;a match" }],
    ["with a malformed text", "beginERR;BUSY;%zz", { code: "BUSY", text: "" }],
  ])("an error %s is parsed", (_, line, message) => {
    expect(parseAnswer(tables.controlFromServer, line)).toMatchObject({ ok: true, message });
  });

  test("inviteERR is a message from the client, with the inviter before the code", () => {
    expect(parseMessage(tables.controlFromClient, "inviteERR;Alan;NO_KEY")).toEqual({
      ok: true,
      message: { name: "inviteERR", user: "Alan", code: "NO_KEY" },
    });
  });

  test("a name inherited from Object is not an error code", () => {
    expect(isErrorCode("toString")).toBe(false);
  });
});
