import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { resultJsonSchema } from "./result-json.ts";

test("The published schema is that of the program", async () => {
  await expect(
    resultJsonSchema(),
    "harness/docs/result.schema.json is out of date; write it again: npx vitest run harness/src/reporters/result-schema.test.ts -u",
  ).toMatchFileSnapshot("../../docs/result.schema.json");
});

// Formats are left to zod: ajv knows none by itself.
const validate = new Ajv({ validateFormats: false, allowUnionTypes: true }).compile(
  JSON.parse(resultJsonSchema()),
);

test("A result is valid by the published schema", () => {
  validate(sampleRun());
  expect(validate.errors).toBeNull();
});

test("A result with a field missing, or of another version, is not", () => {
  const { events: _, ...withoutEvents } = sampleRun();
  expect(validate(withoutEvents)).toBe(false);
  expect(validate({ ...sampleRun(), schemaVersion: 2 })).toBe(false);
});
