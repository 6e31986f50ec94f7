// Why a scenario's file could not be loaded, with its place: a mistake of syntax, an import that leads nowhere, or
// something that it threw.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { closestName } from "./closest-name.ts";
import type { ScenarioProblem } from "./scenario-problem.ts";
import { type Place, placeOfError, shortPath } from "./source-place.ts";
import { StepFailure } from "./step-failure.ts";

/** As Babel says it, through the loader; columns from 0. */
const SYNTAX = /^(?:\w*Error: )*(.*?)\s*\n\s*(\/.*):(\d+):(\d+)\s*$/s;
const NOT_FOUND = /Cannot find (?:module|package) '([^']+)'(?: imported from '?([^'\n]+?)'?(?:\n|$))?/;
/** Without the path inside the package. */
const PACKAGE_NAME = /^(?:@[a-z\d][\w.-]*\/)?[a-z\d][\w.-]*/;
const REQUIRED_FROM = /Require stack:\n- (.+)/;

export function whyNotLoaded(thrown: unknown, file: string, publicNames: readonly string[]): ScenarioProblem {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const [, mistake, inFile, line, column] = SYNTAX.exec(message) ?? [];
  if (mistake !== undefined && inFile !== undefined)
    return { place: { file: inFile, line: Number(line), column: Number(column) + 1 }, message: mistake };
  const [, wanted, importedFrom] = NOT_FOUND.exec(message) ?? [];
  if (wanted !== undefined) {
    const importer = importedFrom ?? REQUIRED_FROM.exec(message)?.[1] ?? file;
    return importProblem(wanted, asPath(importer), publicNames);
  }
  if (thrown instanceof StepFailure) return { place: thrown.place ?? { file, line: 1 }, message };
  const place = placeOfError(thrown) ?? { file, line: 1 };
  return { place, message: thrown instanceof Error ? `${thrown.name}: ${message}` : message };
}

function asPath(importer: string): string {
  return importer.startsWith("file:") ? fileURLToPath(importer) : importer;
}

function importProblem(wanted: string, importer: string, publicNames: readonly string[]): ScenarioProblem {
  const { place, names } = findImport(wanted, importer);
  if (names.length > 0 && names.every((name) => publicNames.includes(name)))
    return {
      place,
      message: `there is no "${wanted}": write import { ${names.join(", ")} } from "fiel"`,
    };
  if (!/^[./]/.test(wanted))
    return { place, message: `there is no package "${wanted}": ${adviceForPackage(wanted)}` };
  const path = resolve(dirname(importer), wanted);
  const folder = dirname(path);
  if (!existsSync(folder)) return { place, message: `there is no folder ${shortPath(folder)}` };
  const closest = closestName(basename(path), readdirSync(folder));
  const hint = closest ? `. Did you mean "${wanted.slice(0, -basename(path).length)}${closest}"?` : "";
  return { place, message: `there is no file ${shortPath(path)}${hint}` };
}

function adviceForPackage(wanted: string): string {
  if (wanted.startsWith("fiel/")) return 'import from "fiel" alone';
  const [name] = PACKAGE_NAME.exec(wanted) ?? [];
  if (name !== undefined) return `npm install --save-dev ${name}`;
  return 'write a relative path, or add the alias to "paths" in tsconfig.json';
}

/** Where the importer names it, and what it takes from it. */
function findImport(wanted: string, importer: string): { place: Place; names: string[] } {
  const source = existsSync(importer) ? readFileSync(importer, "utf8") : "";
  const at = ['"', "'", "`"]
    .map((quote) => source.indexOf(`${quote}${wanted}${quote}`))
    .find((index) => index >= 0);
  if (at === undefined) return { place: { file: importer, line: 1 }, names: [] };
  const before = source.slice(0, at).split("\n");
  const [, names = ""] = /\{([^{}]*)\}\s*(?:from|=\s*require\()\s*$/.exec(source.slice(0, at)) ?? [];
  return {
    place: { file: importer, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
    names: names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  };
}
