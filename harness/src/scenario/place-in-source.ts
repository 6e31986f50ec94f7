// Where in a scenario's file a field of its default export is written, so that a message can name line and column.
import { readFileSync } from "node:fs";
import type { Jiti } from "jiti";
import type { Place } from "./source-place.ts";

/** What is read here of a node of Babel's syntax tree. */
interface Node {
  type: string;
  loc?: { start: { line: number; column: number } };
  [key: string]: unknown;
}

/** The deepest node that is written out on the way to that field; the start of the file if there is none. */
export function placeOfField(
  compiler: Pick<Jiti, "transform">,
  file: string,
  path: readonly PropertyKey[],
): Place {
  let node = defaultExport(compiler, file);
  if (!node) return { file, line: 1 };
  for (const key of path) {
    const next = child(node, key);
    if (!next) break;
    node = next;
  }
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  return { file, line, column: column + 1 };
}

function child(parent: Node, key: PropertyKey): Node | null {
  if (parent.type === "ObjectProperty") return child(written(parent.value as Node, new Map()), key);
  if (parent.type === "ArrayExpression") return (parent.elements as (Node | null)[])[Number(key)] ?? null;
  if (parent.type !== "ObjectExpression") return null;
  const properties = parent.properties as (Node & { key?: Node })[];
  return properties.find((property) => [property.key?.name, property.key?.value].includes(key)) ?? null;
}

function nameOf(node: Node | undefined): unknown {
  return node?.name;
}

/** The object behind the default export, however it is wrapped. */
function defaultExport(compiler: Pick<Jiti, "transform">, file: string): Node | null {
  let found: Node | null = null;
  const findIt = ({ node }: { node: { body: Node[] } }) => {
    const variables = new Map(
      node.body.flatMap(declarations).map(({ id, init }) => [nameOf(id as Node), init]),
    );
    const exported = node.body.map(exportedBy).find((value) => value !== null);
    if (exported) found = written(exported, variables as Map<unknown, Node>);
  };
  try {
    compiler.transform({
      source: readFileSync(file, "utf8"),
      filename: file,
      ts: /\.[cm]?ts$/.test(file),
      babel: { plugins: [() => ({ visitor: { Program: findIt } })] },
    });
  } catch {
    // What cannot be parsed was reported when it was loaded.
  }
  return found;
}

function declarations(statement: Node): Node[] {
  const declaration =
    statement.type === "ExportNamedDeclaration" ? (statement.declaration as Node) : statement;
  return declaration?.type === "VariableDeclaration" ? (declaration.declarations as Node[]) : [];
}

/** `export default …`, `export = …` or `module.exports = …` */
function exportedBy(statement: Node): Node | null {
  if (statement.type === "ExportDefaultDeclaration") return statement.declaration as Node;
  if (statement.type === "TSExportAssignment") return statement.expression as Node;
  const { type, left, right } = (statement.expression ?? { type: "" }) as Node;
  const target = left as Node | undefined;
  const isExports = type === "AssignmentExpression" && nameOf(target?.property as Node) === "exports";
  return isExports ? (right as Node) : null;
}

/** Without the calls, types and variables around it: `defineScenario({ … })`, `{ … } satisfies Scenario`. */
function written(node: Node, variables: Map<unknown, Node>): Node {
  if (node.type === "Identifier") {
    const value = variables.get(node.name);
    return value && value !== node ? written(value, variables) : node;
  }
  if (node.type.startsWith("TS") && node.expression) return written(node.expression as Node, variables);
  const [first] = node.type === "CallExpression" ? (node.arguments as Node[]) : [];
  return first?.type === "ObjectExpression" || first?.type === "Identifier"
    ? written(first, variables)
    : node;
}
