// The parts of a conversation that leave the process.
import { describe, expect, test } from "vitest";
import { KeptMessages, MessageRoom } from "./kept-messages.ts";
import { PayloadTally } from "./payload-tally.ts";

const masks = [
  { source: "^(login);([^;]*).*", flags: "", becomes: "$1;$2;•••" },
  { source: "([\\w-]{3})[\\w-]{9,}", flags: "g", becomes: "$1…" },
];
const format = { separator: "\n", type: { source: "^(\\w+)", flags: "" }, kept: { masks } };

function keptAfter(texts: (string | Buffer)[], { isTls = false, room = new MessageRoom() } = {}) {
  const kept = new KeptMessages(format.kept, format.separator, room);
  const tally = new PayloadTally(format, {
    isRoom: true,
    add: (...message) => kept.add("written", ...message, isTls),
  });
  for (const text of texts) tally.add(Buffer.from(text));
  return kept.take();
}

const textsOf = (taken: ReturnType<typeof keptAfter>) => taken?.said.map(({ text }) => text);

describe("kept messages", () => {
  test("are the same however the payload is split", () => {
    const payload = Buffer.from("ping;1\r\nlogin;ana;olá;x\nplay;aaaaaaaaaaaaaaa;bbbbbbbbbbbbbbb\n\nrest");
    const whole = keptAfter([payload]);
    expect(textsOf(whole)).toEqual(["ping;1", "login;ana;•••", "play;aaa…;bbb…", ""]);
    const content = (taken: typeof whole) => taken?.said.map(({ type, text, bytes }) => [type, text, bytes]);
    expect(content(keptAfter([...payload].map((byte) => Buffer.of(byte))))).toEqual(content(whole));
  });

  test("are readable text, cut after 256 bytes", () => {
    expect(textsOf(keptAfter(["olá\x07 <b>\n"]))).toEqual(["olá· <b>"]);
    expect(textsOf(keptAfter([`${"é ".repeat(500)}\n`]))).toEqual([`${"é ".repeat(85)}\uFFFD…`]);
    expect(textsOf(keptAfter([`play;${"s".repeat(900)}\n`]))).toEqual(["play;sss…"]);
  });

  test("have no content under TLS, only a size", () => {
    expect(keptAfter(["login;ana;secret\n"], { isTls: true })?.said).toMatchObject([
      { type: null, text: null, bytes: 17 },
    ]);
  });

  test("are reported once", () => {
    const kept = new KeptMessages(format.kept, format.separator, new MessageRoom());
    kept.add("read", "ping\n", 5, "ping", false);
    expect(kept.take()?.said).toHaveLength(1);
    expect(kept.take()).toBeNull();
  });

  test("are bounded for each socket and each process, and dropped ones are counted", () => {
    const room = new MessageRoom();
    const flood = "ping\n".repeat(1_500);
    const taken = keptAfter([flood], { room });
    expect([taken?.said.length, taken?.droppedCount]).toEqual([1_000, 500]);
    for (let socket = 2; socket <= 20; socket += 1) keptAfter([flood], { room });
    expect(keptAfter([flood], { room })).toMatchObject({ said: [], droppedCount: 1_500 });
  });
});
