import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { resultJsonSchema } from "./result-json.ts";

test("The published schema matches the program", async () => {
  await expect(
    resultJsonSchema(),
    "harness/docs/result.schema.json is out of date; write it again: npx vitest run harness/src/reporters/result-schema.test.ts -u",
  ).toMatchFileSnapshot("../../docs/result.schema.json");
});

// zod checks formats: ajv knows none without a plugin.
const validate = new Ajv({ validateFormats: false, allowUnionTypes: true }).compile(
  JSON.parse(resultJsonSchema()),
);

test("A result is valid according to the published schema", () => {
  validate(sampleRun());
  expect(validate.errors).toBeNull();
});

test("A result with a missing field, or of another version, is invalid", () => {
  const { events: _, ...withoutEvents } = sampleRun();
  expect(validate(withoutEvents)).toBe(false);
  expect(validate({ ...sampleRun(), schemaVersion: 2 })).toBe(false);
});
