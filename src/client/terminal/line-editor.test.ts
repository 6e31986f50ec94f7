import { describe, expect, it } from "vitest";
import { completeWord, type EditedLine, editLine, emptyLine, type Key, lineOf } from "./line-editor.ts";

const keys: Record<string, Key> = {
  "<left>": { name: "left" },
  "<right>": { name: "right" },
  "<home>": { name: "home" },
  "<end>": { name: "end" },
  "<up>": { name: "up" },
  "<down>": { name: "down" },
  "<back>": { name: "backspace" },
  "<del>": { name: "delete" },
  "<^a>": { name: "a", ctrl: true },
  "<^u>": { name: "u", ctrl: true },
  "<^k>": { name: "k", ctrl: true },
  "<^w>": { name: "w", ctrl: true },
};

/** The line after the keys, with `|` where the cursor is. */
function lineAfter(pressed: string, history: string[] = []): string {
  let line: EditedLine = emptyLine;
  for (const [token] of pressed.matchAll(/<[^>]+>|./gsu)) {
    const edit = editLine(line, keys[token] ?? { sequence: token }, history);
    if (edit.kind === "edited") line = edit.line;
  }
  return `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`;
}

describe("keys", () => {
  it.each([
    ["list", "list|"],
    ["lst<left><left>i", "li|st"],
    ["list<back><back>", "li|"],
    ["list<home><del>", "|ist"],
    ["list<^a>x<end>y", "xlisty|"],
    ["send 1 1<^w>2", "send 1 2|"],
    ["send 1 1<left><left><^u>", "| 1"],
    ["send 1 1<left><left><^k>", "send 1|"],
    ["<back><del><left><right>", "|"],
    ["não", "não|"],
    ["a👍<back>", "a|"],
    ["e\u0301<left>x", "x|e\u0301"],
    ["日本<home><del>", "|本"],
    ["a\u0007b", "ab|"],
  ])("%j make %j", (pressed, line) => {
    expect(lineAfter(pressed)).toBe(line);
  });

  it("move through the history and back to what was being typed", () => {
    const history = ["leaders", "list"];
    expect(lineAfter("be<up>", history)).toBe("leaders|");
    expect(lineAfter("be<up><up><up>", history)).toBe("list|");
    expect(lineAfter("be<up><up><down><down><down>", history)).toBe("be|");
  });

  it("submit the line, end the input, or interrupt", () => {
    const kind = (line: EditedLine, key: Key) => editLine(line, key, []).kind;
    expect(kind(emptyLine, { name: "return" })).toBe("submit");
    expect(kind(emptyLine, { name: "d", ctrl: true })).toBe("end-of-input");
    expect(kind(lineOf("x"), { name: "d", ctrl: true })).toBe("edited");
    expect(kind(lineOf("x"), { name: "c", ctrl: true })).toBe("interrupt");
  });
});

describe("completion", () => {
  it.each([
    ["be", ["begin", "board"], "begin "],
    ["l", ["login", "logout", "list"], "l"],
    ["lo", ["login", "logout"], "log"],
    ["begin be", ["alan", "beto"], "begin beto "],
    ["x", ["login"], "x"],
  ])("%j among %j makes %j", (text, candidates, completed) => {
    expect(completeWord(lineOf(text), candidates).text).toBe(completed);
  });
});
