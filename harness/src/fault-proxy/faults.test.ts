import { expect, it } from "vitest";
import { seededRandom } from "../statistics/seeded-random.ts";
import { conditionsFor, type Fault, HEALTHY } from "./faults.ts";

const silent: Fault = { change: { isSilent: true } };
const slow: Fault = { change: { delayMs: 100 } };
const slowPing: Fault = { change: { delayMs: 900 }, firstLine: /^join;ping;/g };

it.each<[string, Fault[], string[], object]>([
  ["no fault", [], ["hello"], {}],
  ["faults add up", [silent, slow], [], { isSilent: true, delayMs: 100 }],
  ["a later fault overrides an earlier one", [slow, slowPing], ["join;ping;1"], { delayMs: 900 }],
  ["a fault for other connections does not apply", [slow, slowPing], ["join;game;1"], { delayMs: 100 }],
  ["any of the first lines can match", [slowPing], ["hello", "join;ping;1"], { delayMs: 900 }],
])("The conditions of a connection: %s", (_, faults, firstLines, expected) => {
  expect(conditionsFor(faults, firstLines)).toEqual({ ...HEALTHY, ...expected });
});

it("The same seed gives the same random numbers from 0 to 1, and another seed gives others", () => {
  const draw = (seed: number) => Array.from({ length: 1_000 }, seededRandom(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(8)).not.toEqual(draw(7));
  expect(Math.min(...draw(7))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draw(7))).toBeLessThan(1);
  const mean = draw(7).reduce((sum, value) => sum + value, 0) / 1_000;
  expect(mean).toBeCloseTo(0.5, 1);
});
