// Text from other programs with its control characters replaced, so that they have no effect. Pure.

/** C0 and C1 controls, line separators, bidirectional controls and lone surrogates; each becomes a dot. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** For text on one line: a tab becomes a space. */
export function printable(text: string): string {
  return text.replaceAll("\t", " ").replace(CONTROLS, "·");
}
