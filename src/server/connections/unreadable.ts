// What breaks the rules of the line protocol (docs/PROTOCOL.md §1): how it is answered, and that it is logged.
import { type LineConnection, UnreadError } from "../../net/line-connection.ts";
import { formatError, type Parsed } from "../../protocol/codec.ts";
import type { EventLog } from "../event-log.ts";

type ViolationLog = Pick<EventLog, "violation">;
type Unreadable = Extract<Parsed<never>, { ok: false }>;

/** The answer to a line that cannot be read or does not belong where it came. */
export function answerUnreadable(line: LineConnection, unreadable: Unreadable, log: ViolationLog): void {
  if (unreadable.code === "IGNORED") return;
  const { code, name } = unreadable;
  // A malformed acknowledgement acknowledges nothing; it asks for no answer either.
  if (/(ACK|ERR)$/.test(name)) return;
  log.violation(line.remoteAddress, `a message that is ${code}`);
  line.send(formatError(code === "UNKNOWN_COMMAND" ? "" : name, code));
}

/** A line that can be none ends the connection. */
export function refuseMalformed(line: LineConnection, log: ViolationLog): void {
  log.violation(line.remoteAddress, "a line that is too long, or not printable ASCII");
  line.send(formatError("", "BAD_LINE"));
  line.end();
}

/** `error` is what a connection was closed with. */
export function logUnread(address: string, error: Error | null, log: ViolationLog): void {
  if (error instanceof UnreadError) log.violation(address, error.message);
}
