import { expect, test } from "vitest";
import { Outbox } from "./outbox.ts";

const long = (letter: string) => letter.repeat(5_000);

/** What is written, and how often by itself or corked together. */
function writtenOf(outbox: Outbox): { text: string; parts: (string | Buffer)[]; corks: string } {
  const parts: (string | Buffer)[] = [];
  let corks = "";
  outbox.writeTo({
    write: (part: string | Buffer) => parts.push(part),
    cork: () => {
      corks += "[";
    },
    uncork: () => {
      corks += "]";
    },
  });
  return { text: parts.map(String).join(""), parts, corks };
}

test("Short lines are written as one text, in order, and leave the outbox empty", () => {
  const outbox = new Outbox();
  outbox.add("listACK");
  outbox.add("leadersACK");
  expect(outbox.bytes).toBe(19);
  expect(writtenOf(outbox)).toEqual({
    text: "listACK\nleadersACK\n",
    parts: ["listACK\nleadersACK\n"],
    corks: "",
  });
  expect(outbox.bytes).toBe(0);
});

test("Long and short lines are written together, in their order", () => {
  const outbox = new Outbox();
  const lines = [long("a"), "b", "c", long("d"), long("e"), "f"];
  for (const line of lines) outbox.add(line);
  const all = lines.map((line) => `${line}\n`).join("");
  expect(outbox.bytes).toBe(all.length);
  expect(writtenOf(outbox)).toMatchObject({ text: all, corks: "[]" });
});

test("A long line is encoded once for all connections that send it", () => {
  const [one, other] = [new Outbox(), new Outbox()];
  for (const outbox of [one, other]) outbox.add(long("x"));
  expect(writtenOf(one).parts[0]).toBe(writtenOf(other).parts[0]);
});

test("Only the most recent long lines stay encoded", () => {
  const outbox = new Outbox();
  outbox.add(long("0"));
  const [first] = writtenOf(outbox).parts;
  for (let number = 1; number <= 20; number++) outbox.add(long(String.fromCharCode(65 + number)));
  outbox.add(long("0"));
  expect(writtenOf(outbox).parts.at(-1)).not.toBe(first);
});
