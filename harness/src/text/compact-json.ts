// JSON that people can read and diff: indented, but a value that fits on a line, such as a sample, stays on one line.
const WIDTH = 110;

export function compactJson(value: unknown): string {
  return `${write(value, "", 0)}\n`;
}

/** `extra` is the length of the value's name and of the comma after it, which share its first line. */
function write(value: unknown, indent: string, extra: number): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const short = oneLine(value, WIDTH - indent.length - extra);
  if (short !== null) return short;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => inner + write(item, inner, 1)).join(",\n")}\n${indent}]`;
  }
  const lines = defined(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return inner + name + write(item, inner, name.length + 1);
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

/** The value on one line, or null if it does not fit. */
function oneLine(value: unknown, room: number): string | null {
  if (value === null || typeof value !== "object") {
    const text = JSON.stringify(value);
    return text.length <= room ? text : null;
  }
  const isArray = Array.isArray(value);
  const entries: [string, unknown][] = isArray ? value.map((item) => ["", item]) : defined(value);
  if (entries.length === 0) return isArray ? "[]" : "{}";
  const parts: string[] = [];
  let left = room - (isArray ? 2 : 4);
  for (const [key, item] of entries) {
    const name = isArray ? "" : `${JSON.stringify(key)}: `;
    const text = oneLine(item, left - name.length);
    if (text === null) return null;
    parts.push(name + text);
    left -= name.length + text.length + 2;
  }
  if (left + 2 < 0) return null;
  return isArray ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
}

function defined(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}
