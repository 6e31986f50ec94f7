import { expect, it } from "vitest";
import { planKills } from "./kill-plan.ts";

it("plans the same kills for the same seed, and others for another", () => {
  expect(planKills(7, 20)).toEqual(planKills(7, 20));
  expect(planKills(7, 20)).not.toEqual(planKills(8, 20));
  expect(planKills(7, 20).slice(0, 5)).toEqual(planKills(7, 5));
});

it("plans thirty kills that include every kind and take less than a minute", () => {
  const kills = planKills(1, 30);
  expect(new Set(kills.map(({ trigger }) => trigger.kind)).size).toBe(4);
  expect(kills.reduce((sum, { afterMs }) => sum + afterMs, 0)).toBeLessThan(40_000);
});
