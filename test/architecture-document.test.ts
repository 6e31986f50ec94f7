// docs/ARCHITECTURE.md agrees with the code: its pictures with the imports, its table with the dependencies.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const document = read("docs/ARCHITECTURE.md");

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

/** The rows of folders in the picture with that title; what follows a wide gap is a remark. */
function rowsOf(title: string): string[][] {
  const [, picture = ""] = new RegExp(`^\`\`\`text\n${title}\n(.*?)^\`\`\``, "ms").exec(document) ?? [];
  const rows = picture.trimEnd().split("\n");
  return rows.map((row) => row.trim().split(/ {3,}/)[0]!.split("  "));
}

function sourcesIn(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(file))
    .map((file) => join(folder, file));
}

/** The files that a source imports by a relative path, types included. */
function importsOf(file: string): string[] {
  const specifiers = read(file).matchAll(/\b(?:from|import\()\s*"(\.[^"]+)"/g);
  return [...specifiers].map(([, specifier]) => normalize(join(dirname(file), specifier as string)));
}

describe.each([
  { title: "velha", parent: "", ofAll: ["src", "proving"] },
  { title: "fiel", parent: "harness/src", ofAll: ["harness/src"] },
])("the picture of $title", ({ title, parent, ofAll }) => {
  const rows = rowsOf(title);
  const rowOf = new Map(rows.flatMap((row, at) => row.map((folder) => [join(parent, folder), at] as const)));
  const folderOf = (file: string) => [...rowOf.keys()].find((folder) => file.startsWith(folder + sep));

  it("shows every folder of sources", () => {
    const folders = ofAll.flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && sourcesIn(join(folder, entry.name)).length > 0)
        .map(({ name }) => join(folder, name)),
    );
    expect(folders.filter((folder) => !rowOf.has(folder))).toEqual([]);
  });

  it("has every import point downwards", () => {
    const imports = [...rowOf].flatMap(([folder, row]) =>
      sourcesIn(folder).flatMap((file) =>
        importsOf(file)
          .map((imported) => ({ file, imported, row, folder, target: folderOf(imported) }))
          .filter(({ target }) => target !== undefined && target !== folder),
      ),
    );
    expect(imports.length).toBeGreaterThan(100);
    const upwards = imports.filter(({ row, target }) => rowOf.get(target!)! <= row);
    expect(upwards.map(({ file, imported }) => `${file} imports ${imported}`)).toEqual([]);
  });
});

it("the table gives a reason for every dependency, and for no other package", () => {
  const [, table = ""] = document.split("## Why each dependency is here");
  const named = [...table.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) =>
    [...(cell as string).matchAll(/`([^`]+)`/g)].map(([, name]) => name as string),
  );
  const manifests = ["package.json", "harness/package.json"].map(
    (file) => JSON.parse(read(file)) as Manifest,
  );
  const dependencies = manifests.flatMap((manifest) =>
    Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }),
  );
  expect(named.sort()).toEqual([...new Set(dependencies)].sort());
});
