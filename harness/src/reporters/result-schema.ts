// The JSON Schema of result.json, for programs that are not written in TypeScript. harness/docs/ holds a copy of it.
import { z } from "zod";
import { runResultSchema, SCHEMA_VERSION } from "../result/result.ts";
import { compactJson } from "../text/compact-json.ts";

export function resultJsonSchema(): string {
  const schema = z.toJSONSchema(runResultSchema, { target: "draft-7", io: "input" });
  const { $schema, ...rest } = schema;
  return compactJson({
    $schema,
    title: `What a run of the harness measured, version ${SCHEMA_VERSION}`,
    ...rest,
  });
}
