// What was said on a connection, from what its two ends kept: a message's place in its direction is the same at both,
// so the one has when it was sent and the other when it arrived. Pure.
import type { SaidMessage as SaidAtEnd } from "../probe/message.ts";
import type { ProbeRecord } from "../probe/record.ts";
import type { Connection, SaidMessage } from "../result.ts";
import type { Pair } from "./pair-ends.ts";

/** Nothing where neither end kept messages. */
export function conversationOf(
  { dialer, acceptor }: Pair,
  isTls: boolean,
  routine?: RegExp,
): Pick<Connection, "conversation"> {
  if (!dialer?.said && !acceptor?.said) return {};
  const messages = [
    ...joined("dialer", saidBy(dialer, "written"), saidBy(acceptor, "read")),
    ...joined("acceptor", saidBy(acceptor, "written"), saidBy(dialer, "read")),
  ];
  const timeOf = ({ sentAtMs, receivedAtMs }: SaidMessage) => sentAtMs ?? receivedAtMs ?? 0;
  return {
    conversation: {
      messages: messages
        .sort((one, other) => timeOf(one) - timeOf(other))
        .map((message) => (isTls ? { ...message, type: null, text: null } : withRoutine(message, routine))),
      droppedCount: Math.max(dialer?.said?.droppedCount ?? 0, acceptor?.said?.droppedCount ?? 0),
    },
  };
}

function saidBy(record: ProbeRecord | undefined, direction: SaidAtEnd["direction"]): SaidAtEnd[] {
  return record?.said?.messages.filter((message) => message.direction === direction) ?? [];
}

function joined(from: SaidMessage["from"], written: SaidAtEnd[], read: SaidAtEnd[]): SaidMessage[] {
  return Array.from({ length: Math.max(written.length, read.length) }, (_, index) => {
    const { bytes, type, text } = (written[index] ?? read[index])!;
    const sentAtMs = written[index]?.atMs ?? null;
    // Processes read the same clock, but each may be told the time a moment late.
    const receivedAtMs = read[index] ? Math.max(read[index].atMs, sentAtMs ?? 0) : null;
    return { from, sentAtMs, receivedAtMs, bytes, type, text };
  });
}

function withRoutine(message: SaidMessage, routine: RegExp | undefined): SaidMessage {
  const isRoutine = message.type !== null && routine !== undefined && message.type.search(routine) !== -1;
  return isRoutine ? { ...message, isRoutine } : message;
}
