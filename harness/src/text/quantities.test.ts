import { expect, test } from "vitest";
import { counted, formatBytes, grouped, rounded, significant } from "./quantities.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.0 kB"],
  [12_345, "12.3 kB"],
  [99_960, "100.0 kB"],
  [999_949, "1000 kB"],
  [999_950, "1.0 MB"],
  [8_300_000, "8.3 MB"],
  [2_500_000_000, "2.5 GB"],
])("%i bytes read %s", (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

test("numbers are grouped, rounded and pluralised", () => {
  expect([1_234_567, 0.25].map(grouped)).toEqual(["1,234,567", "0.25"]);
  expect([rounded(1.234), rounded(-1.236), rounded(0.12345, 3)]).toEqual([1.23, -1.24, 0.123]);
  expect([12_345.6, 12.345, -0.001_234_5].map(significant)).toEqual([12_346, 12.3, -0.001_23]);
  expect([counted(1, "flow", "flows"), counted(2_000, "flow", "flows")]).toEqual(["1 flow", "2,000 flows"]);
});
