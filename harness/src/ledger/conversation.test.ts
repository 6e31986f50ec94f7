// The messages of a connection, joined from its two ends.
import { expect, test } from "vitest";
import type { MessageAtEnd, SocketRecord } from "../witness/socket-record.ts";
import { conversationOf } from "./conversation.ts";

type Line = [direction: MessageAtEnd["direction"], atMs: number, text: string];

/** An end with only the fields that are read. */
function end(lines: Line[], droppedCount = 0): SocketRecord {
  const messages = lines.map(([direction, atMs, text]) => {
    return { direction, atMs, text, type: text.slice(0, 4), bytes: text.length + 1 };
  });
  return { said: { messages, droppedCount } } as unknown as SocketRecord;
}

const ask = { from: "dialer", type: "list", text: "list", bytes: 5 };
const answer = { from: "acceptor", type: "ping", text: "ping;1", bytes: 7 };

test("a message is sent where it was written, and received where it was read", () => {
  const dialer = end([
    ["written", 1, "list"],
    ["read", 4, "ping;1"],
  ]);
  const acceptor = end([
    ["read", 2, "list"],
    ["written", 3, "ping;1"],
  ]);
  expect(conversationOf({ dialer, acceptor }, false, /^p[io]ng$/)).toEqual({
    conversation: {
      messages: [
        { ...ask, sentAtMs: 1, receivedAtMs: 2 },
        { ...answer, sentAtMs: 3, receivedAtMs: 4, isRoutine: true },
      ],
      droppedCount: 0,
    },
  });
});

test("a message that only one end saw has the one time that is known", () => {
  const lost = conversationOf({ dialer: end([["written", 1, "list"]], 7), acceptor: end([]) }, false);
  expect(lost.conversation).toEqual({
    messages: [{ ...ask, sentAtMs: 1, receivedAtMs: null }],
    droppedCount: 7,
  });
  const foreign = conversationOf({ dialer: undefined, acceptor: end([["read", 2, "list"]]) }, false);
  expect(foreign.conversation?.messages).toEqual([{ ...ask, sentAtMs: null, receivedAtMs: 2 }]);
});

test("a message that its reader had no room to keep is left out, not reported as lost", () => {
  const dialer = end([
    ["written", 1, "list"],
    ["written", 3, "list"],
  ]);
  const { conversation } = conversationOf({ dialer, acceptor: end([["read", 2, "list"]], 1) }, false);
  expect(conversation).toEqual({ messages: [{ ...ask, sentAtMs: 1, receivedAtMs: 2 }], droppedCount: 1 });
});

test("no message arrives before it was sent, although each end reads the clock itself", () => {
  const dialer = end([["written", 2.01, "list"]]);
  const { conversation } = conversationOf({ dialer, acceptor: end([["read", 2, "list"]]) }, false);
  expect(conversation?.messages).toMatchObject([{ sentAtMs: 2.01, receivedAtMs: 2.01 }]);
});

test("under TLS only sizes remain of messages that one end saw as plaintext", () => {
  const { conversation } = conversationOf(
    { dialer: end([["written", 1, "list"]]), acceptor: undefined },
    true,
  );
  expect(conversation?.messages).toMatchObject([{ type: null, text: null, bytes: 5 }]);
});

test("a connection without kept messages has no conversation", () => {
  const silent = { said: undefined } as unknown as SocketRecord;
  expect(conversationOf({ dialer: silent, acceptor: undefined }, false)).toEqual({});
});
