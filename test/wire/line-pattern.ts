// Patterns of lines, as in the tests and in docs/PROTOCOL.md: `<name>` captures a block, or a part of one, by that name, and
// `…` matches anything.

export type Captures = Record<string, string>;

/** The captured values, or null if the line does not match. A name in `known` stands for its value. */
export function matchLine(pattern: string, line: string, known: Captures = {}): Captures | null {
  const names: string[] = [];
  const source = pattern
    .split(/(<[\w ]+>|…)/)
    .map((part) => {
      if (part === "…") return ".*";
      const name = /^<([\w ]+)>$/.exec(part)?.[1];
      if (name === undefined) return escapeLiteral(part);
      if (known[name] !== undefined) return escapeLiteral(known[name]);
      names.push(name);
      return "([^;,]+)";
    })
    .join("");
  const match = new RegExp(`^${source}$`).exec(line);
  return match && Object.fromEntries(names.map((name, index) => [name, match[index + 1] as string]));
}

/** The pattern with every name replaced by its value; throws if a name has none. */
export function fillLine(pattern: string, known: Captures): string {
  return pattern.replaceAll(/<([\w ]+)>/g, (_, name: string) => {
    if (known[name] === undefined) throw new Error(`<${name}> has no value in "${pattern}"`);
    return known[name];
  });
}

function escapeLiteral(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
