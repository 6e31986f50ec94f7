// The answers to lines that cannot be read or do not belong where they came (docs/PROTOCOL.md §1).
import type { LineConnection } from "../../net/line-connection.ts";
import { formatError, type Parsed } from "../../protocol/codec.ts";
import type { EventLog } from "../event-log.ts";

type Unreadable = Extract<Parsed<never>, { ok: false }>;

export function answerUnreadable(line: LineConnection, unreadable: Unreadable): void {
  if (unreadable.code === "IGNORED") return;
  const { code, name } = unreadable;
  // A malformed acknowledgement acknowledges nothing; it asks for no answer either.
  if (/(ACK|ERR)$/.test(name)) return;
  line.send(formatError(code === "UNKNOWN_COMMAND" ? "" : name, code));
}

/** A line that can be none ends the connection. */
export function refuseMalformed(line: LineConnection, log: EventLog): void {
  log.violation(line.remoteAddress, "a line that is too long, or not printable ASCII");
  line.send(formatError("", "BAD_LINE"));
  line.end();
}
