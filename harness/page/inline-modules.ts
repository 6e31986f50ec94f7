// Joins compiled modules into one script for a page that has to work as a single file: each module once, after those
// it imports. They then share one scope: two top-level names that are equal are a syntax error in the browser.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const IMPORT = /^import\s[^;]*?\sfrom\s+"([^"]+)";$/gm;
const EXPORT = /^export (?=(?:async )?(?:function|class|const|let)\b)/gm;
const SOURCE_MAP = /^\/\/# sourceMappingURL=.*$/gm;

/** A package that is imported has to be there as a global of the imported name. */
export function inlineModules(entry: string): string {
  const done = new Set<string>();
  const parts: string[] = [];
  visit(entry);
  return parts.join("\n");

  function visit(path: string): void {
    if (done.has(path)) return;
    done.add(path);
    const source = readFileSync(path, "utf8");
    for (const [, from] of source.matchAll(IMPORT)) {
      if (from!.startsWith(".")) visit(join(dirname(path), from!));
    }
    parts.push(source.replace(IMPORT, "").replace(EXPORT, "").replace(SOURCE_MAP, "").trim());
  }
}
