// Files, headings, commands and scenarios that the documents name exist.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

const inDocs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "harness/README.md",
  "harness/CHANGELOG.md",
  ...inDocs.map((name) => `docs/${name}`),
];
/** In the project of whoever typed `npx fiel init`. */
const WRITTEN_BY_INIT = ["scenarios/first.ts", "fiel.config.ts"];
const sourceFolders = sourceFoldersOf(["src", "harness/src", "proving", "scenarios", "test"]);

/** What GitHub links each heading by. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading as string);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Each folder of the sources, relative to the root. */
function sourceFoldersOf(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    const inside = readdirSync(join(root, folder), { withFileTypes: true });
    const below = inside.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
    return [folder, ...sourceFoldersOf(below)];
  });
}

/** A folder or a source file in backticks; `lobby.ts` may be named by the end of its path. */
function isThere(path: string): boolean {
  if (existsSync(join(root, path))) return true;
  return path.endsWith(".ts") && sourceFolders.some((folder) => existsSync(join(root, folder, path)));
}

describe.each(documents)("%s", (document) => {
  const text = read(document);

  it("links to files that exist", () => {
    const links = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, path]) => path as string);
    expect(links.filter((path) => !existsSync(join(root, dirname(document), path)))).toEqual([]);
  });

  it("links to headings that exist", () => {
    const links = [...text.matchAll(/\]\(([^)#:\s]*)#([^)\s]+)\)/g)];
    const missing = links.filter(([, path = "", anchor = ""]) => {
      const target = path === "" ? document : join(dirname(document), path);
      return target.endsWith(".md") && !anchorsOf(read(target)).includes(anchor);
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });

  it("names sources that exist", () => {
    const quoted = [...text.matchAll(/`([\w./-]+)`/g)].map(([, path]) => path as string);
    const paths = quoted.filter((path) => /^(src|harness|proving|scenarios|test)\/|\w\.ts$/.test(path));
    expect(paths.filter((path) => !isThere(path) && !WRITTEN_BY_INIT.includes(path))).toEqual([]);
  });

  it("names commands that exist", () => {
    const commands = [...text.matchAll(/npm run (?:-s |--silent )?([a-z][\w:-]*)/g)].map(
      ([, name]) => name as string,
    );
    const ofReader = [...text.matchAll(/`"([\w:-]+)": "fiel /g)].map(([, name]) => name as string);
    expect(commands.filter((name) => !(name in scripts) && !ofReader.includes(name))).toEqual([]);
  });

  it("names scenarios that exist", () => {
    const named = [...text.matchAll(/npm run scenario ([a-z][a-z|-]*)(?= |`|$)/gm)].flatMap(([, names]) =>
      (names as string).split("|"),
    );
    const there = [...text.matchAll(/^ {2}name: "([\w-]+)",$/gm)].map(([, name]) => name);
    const isScenario = (name: string) =>
      existsSync(join(root, "scenarios", `${name}.ts`)) || there.includes(name);
    expect(named.filter((name) => !isScenario(name))).toEqual([]);
  });
});
