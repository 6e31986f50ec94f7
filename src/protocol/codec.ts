// Lines ↔ messages, by the tables of messages.ts.
import { type ErrorCode, errorTexts } from "./errors.ts";
import type { Field } from "./fields.ts";
import { decodeBlock, encodeBlock } from "./line.ts";
import { isKnownName, type Message, type MessageTable } from "./messages.ts";

/** An answer `XERR;CODE;text` or a bare `ERR;CODE;text`; `request` is X, empty for the bare one. */
export interface ErrorMessage {
  name: "error";
  request: string;
  code: string;
  /** Of TRY_LATER. */
  seconds?: number | undefined;
  text: string;
}

export type Parsed<M> =
  | { ok: true; message: M }
  /** An acknowledgement or error that this connection does not expect; to be ignored. */
  | { ok: false; code: "IGNORED" }
  | { ok: false; code: "UNKNOWN_COMMAND" | "WRONG_CONNECTION" | "BAD_ARGUMENTS"; name: string };

/** Parsed messages that are only a name, by table: they are the most frequent, so each is parsed once. */
const bareMessages = new WeakMap<MessageTable, Map<string, Parsed<unknown>>>();

/** Parses a line that came over a connection whose messages are in `table`. */
export function parseMessage<T extends MessageTable>(table: T, line: string): Parsed<Message<T>> {
  const known = bareMessages.get(table)?.get(line);
  if (known) return known as Parsed<Message<T>>;
  const parsed = readMessage(table, line);
  if (parsed.ok && line === parsed.message.name) keepBareMessage(table, line, parsed);
  return parsed;
}

function keepBareMessage(table: MessageTable, name: string, parsed: { ok: true; message: unknown }): void {
  const ofTable = bareMessages.get(table) ?? new Map<string, Parsed<unknown>>();
  Object.freeze(parsed.message);
  bareMessages.set(table, ofTable.set(name, Object.freeze(parsed)));
}

function readMessage<T extends MessageTable>(table: T, line: string): Parsed<Message<T>> {
  const blocks = line.split(";");
  const name = blocks[0] as string;
  const shape = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!shape) return refuse(name);
  const message = readBlocks(name, shape, blocks);
  if (!message) return { ok: false, code: "BAD_ARGUMENTS", name };
  return { ok: true, message: message as Message<T> };
}

/** The same, for the side that sends requests: `XERR` and `ERR` are messages too. */
export function parseAnswer<T extends MessageTable>(
  table: T,
  line: string,
): Parsed<Message<T> | ErrorMessage> {
  const name = line.split(";", 1)[0] as string;
  return name.endsWith("ERR") && !Object.hasOwn(table, name) ? parseError(line) : parseMessage(table, line);
}

export function formatMessage<T extends MessageTable>(table: T, message: Message<T>): string {
  const { name, ...values } = message as { name: string } & Record<string, unknown>;
  const blocks: string[] = [name];
  for (const [key, field] of Object.entries(table[name] as Record<string, Field<unknown>>)) {
    const value = values[key];
    if (isRest(field))
      for (const each of value as unknown[]) blocks.push(encodeBlock(field.each.write(each)));
    else if (value === undefined) break;
    else blocks.push(encodeBlock(field.write(value)));
  }
  return blocks.join(";");
}

/** `XERR;CODE;text`, for `request` X; an empty request makes the bare `ERR`. */
export function formatError(request: string, code: ErrorCode, seconds?: number): string {
  const details = seconds === undefined ? [errorTexts[code]] : [String(seconds), errorTexts[code]];
  return [`${request}ERR`, code, ...details].map(encodeBlock).join(";");
}

function refuse(name: string): Parsed<never> {
  if (/(ACK|ERR)$/.test(name)) return { ok: false, code: "IGNORED" };
  return { ok: false, code: isKnownName(name) ? "WRONG_CONNECTION" : "UNKNOWN_COMMAND", name };
}

function parseError(line: string): Parsed<ErrorMessage> {
  const [name = "", ...blocks] = line.split(";");
  const [code = "", ...others] = blocks.map((block) => decodeBlock(block) ?? "");
  const isTryLater = code === "TRY_LATER" && /^\d{1,9}$/.test(others[0] ?? "");
  const seconds = isTryLater ? Number(others.shift()) : undefined;
  const [text = ""] = others;
  return { ok: true, message: { name: "error", request: name.slice(0, -3), code, seconds, text } };
}

/** The first block is the name. */
function readBlocks(
  name: string,
  shape: Record<string, Field<unknown>>,
  blocks: string[],
): Record<string, unknown> | null {
  const values: Record<string, unknown> = { name };
  let index = 1;
  // Not Object.entries: this is done for every message.
  for (const key in shape) {
    const field = shape[key] as Field<unknown>;
    if (isRest(field)) {
      const all = blocks.slice(index).map((block) => readBlock(field.each, block));
      if (all.includes(undefined)) return null;
      values[key] = all;
      return values;
    }
    const block = blocks[index++];
    if (block === undefined && field.isOptional) continue;
    const value = block === undefined ? undefined : readBlock(field, block);
    if (value === undefined && field.ignoresOthers) continue;
    if (value === undefined) return null;
    values[key] = value;
  }
  return values;
}

function readBlock(field: Field<unknown>, block: string): unknown {
  const text = decodeBlock(block);
  return text === null ? undefined : field.read(text);
}

function isRest(field: Field<unknown>): field is Field<unknown[]> & { each: Field<unknown> } {
  return field.isRest === true;
}
