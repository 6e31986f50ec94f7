// Says what is wrong with data that a scenario hands over, and what to write instead.
import { z } from "zod";
import { suggestion } from "./closest-name.ts";
import { callerOf } from "./source-place.ts";
import { StepFailure } from "./step-failure.ts";

export interface Finding {
  /** The keys and indices that lead to it. */
  path: PropertyKey[];
  message: string;
}

const IS_MISSING = "is missing: write ";

/** An issue as zod hands it to an error function. */
interface Issue {
  code?: string | undefined;
  input?: unknown;
  keys?: string[];
}

/** Options for a schema: `example` is what a message tells the user to write. */
export function write(example: string) {
  return { error: (issue: Issue) => wrongValue(issue.input, example) };
}

/** An object with these keys and no others. `name` is what messages call it. */
export function strict<Value>(
  name: string,
  shape: Record<keyof Required<Value>, z.ZodType>,
  example: string,
): z.ZodType {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: ({ code, keys = [], input }: Issue) =>
      code === "unrecognized_keys"
        ? keys.map((key) => `${name} has no "${key}". ${suggestion(key, known)}`).join(" ")
        : wrongValue(input, example),
  });
}

/** Nothing, if the value fits. */
export function findingsIn(schema: z.ZodType, value: unknown): Finding[] {
  const issues = (schema.safeParse(value).error?.issues ?? []).map(inOurWords);
  const missing = issues.filter(isMissing);
  const incomplete = new Set(missing.map(({ path }) => pathText(path.slice(0, -1))));
  const lacking = [...incomplete].map((parent) =>
    findingOfMissing(missing.filter(({ path }) => pathText(path.slice(0, -1)) === parent)),
  );
  return [...lacking, ...issues.filter((issue) => !isMissing(issue)).map(findingOf)];
}

/** Schemas that come without an example have zod's messages. */
function inOurWords(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  const [, expected, received] = /^Invalid input: expected (.+), received (.+)$/.exec(issue.message) ?? [];
  if (expected === undefined) return issue;
  const start = received === "undefined" ? IS_MISSING : `is ${received}: write `;
  return { ...issue, message: `${start}a ${expected}` };
}

function isMissing({ path, message }: z.core.$ZodIssue): boolean {
  return typeof path.at(-1) === "string" && message.startsWith(IS_MISSING);
}

/** The fields that one object lacks are one finding. */
function findingOfMissing(issues: z.core.$ZodIssue[]): Finding {
  const names = issues.map(({ path }) => pathText(path)).join(", ");
  const examples = issues.map(({ message }) => message.slice(IS_MISSING.length)).join(", ");
  const verb = issues.length > 1 ? "are" : "is";
  return { path: issues[0]!.path.slice(0, -1), message: `${names} ${verb} missing: write ${examples}` };
}

function findingOf(issue: z.core.$ZodIssue): Finding {
  if (issue.code === "unrecognized_keys")
    return { path: [...issue.path, issue.keys[0] ?? ""], message: issue.message };
  return { path: issue.path, message: `${pathText(issue.path)} ${issue.message}`.trim() };
}

function wrongValue(value: unknown, example: string): string {
  if (value === undefined) return `${IS_MISSING}${example}`;
  return `is ${shown(value)}: write ${example}`;
}

/** A value, short, with its type where that is not obvious. */
function shown(value: unknown): string {
  if (typeof value === "string") return `the string ${JSON.stringify(value.slice(0, 80))}`;
  if (typeof value === "function") return value.name ? `the function ${value.name}` : "a function";
  if (value instanceof RegExp) return `the pattern ${value}`;
  if (value instanceof Promise) return "a promise (is an await missing?)";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}

/** `flows[0].name` */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
}

/** Throws a StepFailure if the value that a step was given does not fit; `step` is the method that the scenario called. */
export function refuseUnlessFits(
  schema: z.ZodType,
  value: unknown,
  name: string,
  step: (...args: never[]) => unknown,
): void {
  const findings = findingsIn(schema, value);
  if (findings.length === 0) return;
  const [first = "", ...hints] = findings.map(({ message }) => message);
  const given = first.replace(/^is /, "").replace(/^missing(?=:)/, "nothing");
  const message = first.startsWith("is ") ? `${name} was given ${given}` : `${name}: ${first}`;
  throw new StepFailure(message, null, [], { hints, place: callerOf(step) });
}
