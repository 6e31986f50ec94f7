// Text that came over a wire or from a file, before somebody sees it: nothing in it moves a cursor, sets a title, begins
// a line of its own, changes the direction of writing, or is invisible.

/** C0, DEL and C1; line and paragraph separators; direction marks; what has no width. */
const HARMFUL =
  /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/gu;

/** Each harmful character as `?`. */
export function harmless(text: string): string {
  return text.replace(HARMFUL, "?");
}

/** The same for every text in plain data. */
export function withHarmlessTexts<T>(data: T): T {
  if (typeof data === "string") return harmless(data) as T;
  if (Array.isArray(data)) return data.map(withHarmlessTexts) as T;
  if (data === null || typeof data !== "object") return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, withHarmlessTexts(value)])) as T;
}
