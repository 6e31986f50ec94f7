// Generates seeded lines from the protocol's tables, valid and broken, and says which answer each must get.
import fc from "fast-check";
import { formatMessage } from "../../src/protocol/codec.ts";
import { anyMessage } from "../../src/protocol/messages.fixture.ts";
import * as messages from "../../src/protocol/messages.ts";
import { type Chance, chance } from "../../src/shared/chance/chance.ts";

const { isKnownName, ...namedTables } = messages;
export const tables: [string, messages.MessageTable][] = Object.entries(namedTables);

/** It ends the connection, so it comes rarely; `logout` never comes, as it would end the session. */
const ENDING = "exit";
const LEFT_OUT = new Set([ENDING, "logout"]);
const SAMPLES_PER_MESSAGE = 40;
const MAX_LINE_LENGTH = 4_095;
const ODD_BLOCKS = [
  "",
  " ",
  "0",
  "-1",
  "1e9",
  "999999999",
  "1000000000",
  "True",
  "False",
  "%",
  "%0",
  "%zz",
  "%00",
  "%3B",
  "%C3",
  "%F4%90%80%80",
  "__proto__",
  "constructor",
  "toString",
  ":",
  ",",
  ".",
  "..",
  "AAAA",
  "AAAA.AAAA",
  "AB",
  "A".repeat(43),
  `1,1,${"A".repeat(86)}`,
  `end,X,${"A".repeat(86)}`,
  "fuzz-a",
  "FUZZ-B",
  "x".repeat(33),
];

/** `count` valid lines for each message of each table. */
export function wellFormed(seed: number, count: number): { table: string; name: string; line: string }[] {
  return tables.flatMap(([table, shapes]) =>
    Object.keys(shapes).flatMap((name) =>
      fc
        .sample(anyMessage(shapes, name), { numRuns: count, seed })
        .map((message) => ({ table, name, line: formatMessage(shapes, message as never) })),
    ),
  );
}

/** The name of the answer that a readable line must get (`X` for `XACK` or `XERR`), null if it gets none. */
export function requestOf(line: string, isPongExpected: boolean): string | null {
  const [name = "", n = ""] = line.split(";");
  if (line === "" || /(ACK|ERR)$/.test(name)) return null;
  if (name === "pong" && isPongExpected && /^[1-9]\d{0,8}$/.test(n)) return null;
  return isKnownName(name) ? name : "";
}

export function nameOf(line: string): string {
  return line.split(";", 1)[0] as string;
}

/** An endless sequence of lines, the same for the same seed. */
export class LineSource {
  readonly #chance: Chance;
  readonly #pool: string[];

  constructor(seed: number) {
    this.#chance = chance(seed, "lines");
    const all = wellFormed(seed, SAMPLES_PER_MESSAGE).map(({ line }) => line);
    this.#pool = all.filter((line) => line.length <= MAX_LINE_LENGTH && !LEFT_OUT.has(nameOf(line)));
  }

  /** A readable line with any content. */
  next(): string {
    const line = this.#next();
    return nameOf(line) === "logout" ? this.next() : line;
  }

  #next(): string {
    const line = this.#pick(this.#pool);
    const what = this.#chance.fraction();
    if (what < 0.3) return line;
    if (what < 0.7) return this.#withOddBlocks(line);
    if (what < 0.85) return this.#withOddCharacters(line);
    if (what < 0.9) return `${this.#pick(this.#pool)};${line}`.slice(0, MAX_LINE_LENGTH);
    if (what < 0.92) return line.padEnd(MAX_LINE_LENGTH, ";x%41");
    if (what < 0.999) return this.#randomText(1 + this.#below(60));
    return ENDING;
  }

  /** A line that ends its connection. */
  unreadable(): Buffer {
    const line = Buffer.from(this.next());
    const bad = [0x00, 0x09, 0x0d, 0x1b, 0x7f, 0x80, 0xc3, 0xff];
    if (this.#chance.fraction() < 0.2) return Buffer.alloc(MAX_LINE_LENGTH + 1 + this.#below(100_000), "x");
    const at = this.#below(line.length);
    return Buffer.concat([
      line.subarray(0, at),
      Buffer.of(this.#pick(bad)),
      Buffer.from("y"),
      line.subarray(at),
    ]);
  }

  isNow(probability: number): boolean {
    return this.#chance.fraction() < probability;
  }

  #withOddBlocks(line: string): string {
    const blocks = line.split(";");
    for (let count = 1 + this.#below(3); count > 0; count--) {
      const at = this.#below(blocks.length + 1);
      const isSwap = this.#chance.fraction() < 0.7;
      blocks.splice(at, isSwap ? 1 : 0, ...(this.#chance.fraction() < 0.8 ? [this.#pick(ODD_BLOCKS)] : []));
    }
    return blocks.join(";").slice(0, MAX_LINE_LENGTH);
  }

  #withOddCharacters(line: string): string {
    const characters = [...line];
    for (let count = 1 + this.#below(4); count > 0; count--)
      characters[this.#below(characters.length)] = this.#randomText(1);
    return characters.join("");
  }

  #randomText(length: number): string {
    let text = "";
    while (text.length < length) text += String.fromCharCode(0x20 + this.#below(0x5f));
    return text;
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T;
  }

  #below(limit: number): number {
    return Math.floor(this.#chance.fraction() * limit);
  }
}
