// The programs do what docs/PROTOCOL.md says.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseMessage } from "../src/protocol/codec.ts";
import { errorTexts } from "../src/protocol/errors.ts";
import * as messages from "../src/protocol/messages.ts";
import { ServerProcess } from "./servers/server-process.ts";
import { fillLine } from "./wire/line-pattern.ts";
import { parseStatement, WireConversation } from "./wire/wire-conversation.ts";

const document = readFileSync(new URL("../docs/PROTOCOL.md", import.meta.url), "utf8");

/** The fenced blocks that are marked `language`, each with the heading above it and its lines. */
function blocksOf(language: string): { title: string; lines: string[] }[] {
  const blocks: { title: string; lines: string[] }[] = [];
  let heading = "";
  let open: string[] | null = null;
  for (const [index, line] of document.split("\n").entries()) {
    if (open && line === "```") open = null;
    else if (open) open.push(line);
    else if (/^#+ /.test(line)) heading = line.replace(/^#+ /, "");
    else if (line === `\`\`\`${language}`) {
      open = [];
      blocks.push({ title: `${heading}, line ${index + 1}`, lines: open });
    }
  }
  return blocks;
}

describe("the conversations with the server", () => {
  let server: ServerProcess;
  let conversation: WireConversation;
  beforeAll(async () => {
    server = await ServerProcess.start(["--heartbeat", "1"]);
    conversation = new WireConversation(server.port);
  });
  afterAll(async () => {
    conversation.close();
    await server.dispose();
  });

  // The blocks form one conversation: each needs those before it.
  test.each(blocksOf("wire"))("$title", async ({ lines }) => {
    for (const line of lines) await conversation.play(parseStatement(line));
    expect(conversation.unseen()).toEqual([]);
  });
});

describe("the conversations between the players", () => {
  const samples = {
    matchId: "A".repeat(16),
    nonce: "A".repeat(22),
    signature: "A".repeat(86),
  };
  const statements = blocksOf("peers").flatMap(({ lines }) => lines.map(parseStatement));

  test.each(statements)("$connection: $line", ({ connection, line }) => {
    const filled = fillLine(line, samples);
    if (filled.startsWith("ERR;")) return expect(Object.keys(errorTexts)).toContain(filled.split(";")[1]);
    const table: messages.MessageTable = connection.startsWith("game ") ? messages.game : messages.delay;
    expect(parseMessage(table, filled)).toMatchObject({ ok: true });
  });
});

test("the table of error codes has each code once, and no other", () => {
  const section = document.slice(document.indexOf("## Error codes"), document.indexOf("## Glossary"));
  const listed = [...section.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(listed.toSorted()).toEqual(Object.keys(errorTexts).toSorted());
});

test("every message of every table is in the document", () => {
  const { isKnownName: _, ...tables } = messages;
  const names = Object.values(tables).flatMap((table) => Object.keys(table));
  for (const name of new Set(names)) expect(document).toMatch(new RegExp(`[\`→← ]${name}\\b`));
});

test("every link within the document has its section", () => {
  const anchors = [...document.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  for (const [, anchor] of document.matchAll(/\]\(#([^)]*)\)/g)) expect(anchors).toContain(anchor);
});
