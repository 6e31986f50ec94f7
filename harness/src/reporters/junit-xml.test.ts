import { expect, it } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import { junitXml } from "./junit-xml.ts";

const check = {
  name: 'bytes of "a" & <b>',
  passed: true,
  value: 1,
  limit: 1,
  unit: "bytes",
  advice: "Look.",
};

it("Each check is a case, and so is the run itself", () => {
  expect(junitXml({ ...sampleResult(), checks: [check] })).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="0" errors="0">
  <testsuite name="sample" tests="2" failures="0" errors="0" time="1.000" timestamp="2026-01-02T03:04:05.678Z">
    <testcase classname="sample" name="the run comes to its end" time="1.000"/>
    <testcase classname="sample" name="bytes of &#34;a&#34; &#38; &#60;b&#62;" time="0"/>
  </testsuite>
</testsuites>
`);
});

it("A failed check has its value, its limit and its advice", () => {
  const xml = junitXml({
    ...sampleResult(),
    status: "failed",
    checks: [{ ...check, passed: false, value: 2 }],
  });
  expect(xml).toContain('<failure message="2 bytes, allowed 1">Look.</failure>');
  expect(xml).toContain('failures="1" errors="0"');
});

it("A run that failed before its checks is an error, without characters that XML does not allow", () => {
  const failure = { message: "no \x1b[31mgoodbye", processId: "a", lastOutput: ["one", "two\0"] };
  const xml = junitXml({ ...sampleResult(), status: "failed", failure });
  expect(xml).toContain('<error message="no [31mgoodbye">one&#10;two</error>');
  expect(xml).toContain('errors="1"');
});
