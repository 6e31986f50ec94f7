import { expect, it } from "vitest";
import { ManualClock } from "../shared/clock/manual-clock.fixture.ts";
import { GrowthLimits } from "./growth-limits.ts";

const HOUR_MS = 3_600_000;

it("limits the matches and the logins of each user in an hour, however the name is written", () => {
  const clock = new ManualClock();
  const limits = new GrowthLimits(clock, { matchesPerUserAndHour: 2, loginsPerUserAndHour: 1 });
  expect([limits.match("alan", "beto"), limits.match("Alan", "caio")]).toEqual([null, null]);
  clock.advance(HOUR_MS / 2);
  expect(limits.match("dora", "ALAN")).toBe(1_800);
  // A match that was refused counts for nobody.
  expect([limits.match("dora", "beto"), limits.match("dora", "caio")]).toEqual([null, null]);
  expect([limits.login("alan"), limits.login("Alan"), limits.login("beto")]).toEqual([null, 1_800, null]);
  clock.advance(HOUR_MS / 2);
  expect([limits.match("dora", "alan"), limits.login("alan")]).toEqual([null, null]);
});

it("limits the new accounts of a day, and lets one address have a tenth of them", () => {
  const clock = new ManualClock();
  const limits = new GrowthLimits(clock, { accountsPerDay: 20 });
  expect([1, 2, 3].map(() => limits.account("10.0.0.1"))).toEqual([null, null, 86_400]);
  for (let host = 2; host <= 10; host++)
    for (let time = 0; time < 2; time++) expect(limits.account(`10.0.0.${host}`)).toBeNull();
  expect(limits.account("10.0.0.11")).toBe(86_400);
  clock.advance(24 * HOUR_MS);
  expect(limits.account("10.0.0.1")).toBeNull();
});
