// Joins the messages that the two ends of a connection kept. A message has the same position in its direction at both
// ends, so one end gives its sending time and the other its arrival time. Pure.

import type { Connection, SaidMessage } from "../result/result.ts";
import type { MessageAtEnd, SocketRecord } from "../witness/socket-record.ts";
import type { Pair } from "./pair-ends.ts";

/** Empty if neither end kept messages. */
export function conversationOf(
  { dialer, acceptor }: Pair,
  isTls: boolean,
  routine?: RegExp,
): Pick<Connection, "conversation"> {
  if (!dialer?.said && !acceptor?.said) return {};
  const messages = [...joined("dialer", dialer, acceptor), ...joined("acceptor", acceptor, dialer)];
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

function saidBy(record: SocketRecord | undefined, direction: MessageAtEnd["direction"]): MessageAtEnd[] {
  return record?.said?.messages.filter((message) => message.direction === direction) ?? [];
}

function joined(
  from: SaidMessage["from"],
  writer: SocketRecord | undefined,
  reader: SocketRecord | undefined,
): SaidMessage[] {
  const [written, read] = [saidBy(writer, "written"), saidBy(reader, "read")];
  // A message that the reader had no room to keep counts as left out: whether it arrived is unknown.
  const count = reader?.said?.droppedCount ? read.length : Math.max(written.length, read.length);
  return Array.from({ length: count }, (_, index) => {
    const { bytes, type, text } = (written[index] ?? read[index])!;
    const sentAtMs = written[index]?.atMs ?? null;
    // Processes read the same clock, but each may read it a moment late.
    const receivedAtMs = read[index] ? Math.max(read[index].atMs, sentAtMs ?? 0) : null;
    return { from, sentAtMs, receivedAtMs, bytes, type, text };
  });
}

function withRoutine(message: SaidMessage, routine: RegExp | undefined): SaidMessage {
  const isRoutine = message.type !== null && routine !== undefined && message.type.search(routine) !== -1;
  return isRoutine ? { ...message, isRoutine } : message;
}
