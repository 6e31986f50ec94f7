// Any value of any kind of block, and from those any message of any table.
import fc from "fast-check";
import * as field from "./fields.ts";
import type { MessageTable } from "./messages.ts";

const base64url = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => Buffer.from(bytes).toString("base64url"));
const userName = fc.stringMatching(/^[A-Za-z0-9_.-]{1,32}$/);
const count = fc.integer({ min: 0, max: 999_999_999 });
const coordinate = fc.integer({ min: 1, max: 3 });

/** By the field's `read`, which its optional form shares. */
const valuesByRead = new Map<unknown, fc.Arbitrary<unknown>>(
  (
    [
      [field.text, fc.string({ unit: "grapheme", minLength: 1 })],
      [field.anyText, fc.string({ unit: "grapheme" })],
      [field.userName, userName],
      [field.host, fc.stringMatching(/^[A-Za-z0-9.:-]{1,60}$/)],
      [field.disputes, fc.constant(true)],
      [field.port, fc.integer({ min: 1, max: 65_535 })],
      [field.count, count],
      [field.positive, fc.integer({ min: 1, max: 999_999_999 })],
      [field.coordinate, coordinate],
      [field.symbol, fc.constantFrom("X", "O")],
      [field.flow, fc.constantFrom("game", "ping")],
      [field.connectionId, base64url(16)],
      [field.token, base64url(32)],
      [field.nonce, base64url(16)],
      [field.publicKey, base64url(32)],
      [field.signature, base64url(64)],
      [field.matchId, base64url(12)],
      [field.ticket, fc.tuple(base64url(100), base64url(64)).map((parts) => parts.join("."))],
      [field.accepted, fc.boolean()],
      [field.claim, fc.constantFrom("WIN", "LOST", "DRAW", "ABANDONED")],
      [field.outcome, fc.constantFrom("WIN", "LOST", "DRAW", "VOID", "PENDING")],
      [
        field.action,
        fc.oneof(
          fc.record({
            kind: fc.constant("play"),
            row: coordinate,
            column: coordinate,
            signature: base64url(64),
          }),
          fc.record({
            kind: fc.constant("end"),
            symbol: fc.constantFrom("X", "O"),
            signature: base64url(64),
          }),
        ),
      ],
      [field.presence, fc.record({ user: userName, isPlaying: fc.boolean() })],
      [field.score, fc.record({ user: userName, points: count })],
    ] as [field.Field<unknown>, fc.Arbitrary<unknown>][]
  ).map(([{ read }, values]) => [read, values]),
);

function valuesOf(kind: field.Field<unknown>): fc.Arbitrary<unknown> {
  if (kind.isRest)
    return fc.array(valuesOf((kind as unknown as { each: field.Field<unknown> }).each), { maxLength: 9 });
  const values = valuesByRead.get(kind.read);
  if (!values) throw new Error("a kind of block without values to test it with");
  return values;
}

/** Any message `name` of `table`; the optional blocks at its end may be missing. */
export function anyMessage(table: MessageTable, name: string): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(table[name] as Record<string, field.Field<unknown>>);
  const required = fields.filter(([, { isOptional }]) => !isOptional).length;
  const lengths = fc.integer({ min: required, max: fields.length });
  const values = fc.tuple(...fields.map(([, kind]) => valuesOf(kind)));
  return fc.tuple(lengths, values).map(([length, all]) => ({
    name,
    ...Object.fromEntries(fields.slice(0, length).map(([key], index) => [key, all[index]])),
  }));
}
