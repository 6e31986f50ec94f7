// result.json: the file that connects measuring with judging and rendering. It is validated against its schema both when
// it is written and when it is read.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type RunResult, runResultSchema, SCHEMA_VERSION } from "../result/result.ts";
import { compactJson } from "../text/compact-json.ts";
import { replaceFiles } from "./replace-files.ts";

export type ReadResult =
  | { ok: true; result: RunResult }
  | {
      ok: false;
      code: "NOT_FOUND" | "NOT_READABLE" | "NOT_JSON" | "WRONG_VERSION" | "INVALID";
      message: string;
    };

interface Issue {
  path: PropertyKey[];
  message: string;
}

/** Returns the written path. Throws if the result breaks its own schema, which is a bug of its producer. */
export async function writeResultJson(result: RunResult, directory: string): Promise<string> {
  const parsed = runResultSchema.safeParse(result);
  if (!parsed.success)
    throw new Error(`the result breaks its schema: ${describeIssues(parsed.error.issues)}`);
  const [path] = await replaceFiles(directory, [{ name: "result.json", content: compactJson(parsed.data) }]);
  return path!;
}

export async function readResultJson(path: string): Promise<ReadResult> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    return unreadable(path, cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { ok: false, code: "NOT_JSON", message: `${path} is not JSON: ${messageOf(cause)}` };
  }
  const version =
    typeof value === "object" && value !== null && "schemaVersion" in value && value.schemaVersion;
  if (typeof version === "number" && version !== SCHEMA_VERSION) {
    const message = `${path} has schemaVersion ${version}, and this program reads ${SCHEMA_VERSION}: use the program that wrote it, or run the scenario again`;
    return { ok: false, code: "WRONG_VERSION", message };
  }
  const parsed = runResultSchema.safeParse(value);
  if (parsed.success) return { ok: true, result: parsed.data };
  const message = `${path} is not a result: ${describeIssues(parsed.error.issues)}`;
  return { ok: false, code: "INVALID", message };
}

function unreadable(path: string, cause: unknown): ReadResult {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return {
      ok: false,
      code: "NOT_FOUND",
      message: `${path} does not exist; running a scenario writes it`,
    };
  }
  if (code === "EISDIR") {
    return { ok: false, code: "NOT_READABLE", message: `${path} is a folder; give the result.json in it` };
  }
  return { ok: false, code: "NOT_READABLE", message: `${path} cannot be read: ${messageOf(cause)}` };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** `processes[0].samples[3].cpuPercent: Invalid input: …`, and the number of further issues. */
function describeIssues(issues: Issue[]): string {
  const [first] = issues;
  if (!first) return "no reason given";
  const field = first.path.reduce<string>((before, key) => {
    if (typeof key === "number") return `${before}[${key}]`;
    return before === "" ? String(key) : `${before}.${String(key)}`;
  }, "");
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  return `${field || "the whole"}: ${first.message}${more}`;
}

/** The JSON Schema of result.json, for programs in any language; docs/ of the package holds a copy. */
export function resultJsonSchema(): string {
  const schema = z.toJSONSchema(runResultSchema, { target: "draft-7", io: "input" });
  const { $schema, ...rest } = schema;
  return compactJson({
    $schema,
    title: `What a run of the harness measured, version ${SCHEMA_VERSION}`,
    ...rest,
  });
}
