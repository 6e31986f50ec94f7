// How breaches of the line protocol (docs/PROTOCOL.md §1) are answered and logged.
import { type LineConnection, UnreadError } from "../../net/line-connection.ts";
import { formatError, type Parsed } from "../../protocol/codec.ts";
import type { EventLog } from "../event-log.ts";

type ViolationLog = Pick<EventLog, "violation">;
type Unreadable = Extract<Parsed<never>, { ok: false }>;

/** Answers a line that cannot be parsed or does not belong on this connection. */
export function answerUnreadable(line: LineConnection, unreadable: Unreadable, log: ViolationLog): void {
  if (unreadable.code === "IGNORED") return;
  const { code, name } = unreadable;
  // A malformed acknowledgement acknowledges nothing; it asks for no answer either.
  if (/(ACK|ERR)$/.test(name)) return;
  log.violation(line.remoteAddress, `a message answered ${code}`);
  line.send(formatError(code === "UNKNOWN_COMMAND" ? "" : name, code));
}

/** Bytes that cannot be a line end the connection. */
export function refuseMalformed(line: LineConnection, log: ViolationLog): void {
  log.violation(line.remoteAddress, "a line that is too long, or not printable ASCII");
  line.send(formatError("", "BAD_LINE"));
  line.end();
}

/** `error`: why the connection was closed. */
export function logUnread(address: string, error: Error | null, log: ViolationLog): void {
  if (error instanceof UnreadError) log.violation(address, error.message);
}
