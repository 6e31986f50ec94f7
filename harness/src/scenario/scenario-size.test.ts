import { expect, test } from "vitest";
import { sizeOf } from "./scenario-size.ts";

const crowd = {
  name: "crowd",
  durationSeconds: 20,
  settings: { clients: 500, idleSeconds: 10 },
  fullSize: { durationSeconds: 180, settings: { clients: 5_000 } },
};

test("A scenario has its usual size, with --full its full one, and --set and --duration come before both", () => {
  expect(sizeOf(crowd, { full: false })).toEqual({
    ok: true,
    durationMs: 20_000,
    settings: { clients: 500, idleSeconds: 10 },
  });
  expect(sizeOf(crowd, { full: true })).toMatchObject({
    durationMs: 180_000,
    settings: { clients: 5_000, idleSeconds: 10 },
  });
  expect(sizeOf(crowd, { full: true, set: ["clients=9000"], duration: 300 })).toMatchObject({
    durationMs: 300_000,
    settings: { clients: 9_000, idleSeconds: 10 },
  });
});

test.each([
  [{ full: false, set: ["bots=3"] }, 'no setting "bots". It has: clients=500, idleSeconds=10.'],
  [{ full: false, set: ["clients"] }, '--set takes clients=<number above 0>, not "clients".'],
  [{ full: false, set: ["clients=-1"] }, "number above 0"],
])("A size that makes no sense is refused with what to do: %j", (asked, message) => {
  expect(sizeOf(crowd, asked)).toMatchObject({ ok: false, message: expect.stringContaining(message) });
});

test("--full is refused where there is no full size", () => {
  const message = '"server" has no full size; omit --full.';
  expect(sizeOf({ name: "server", durationSeconds: 10 }, { full: true })).toEqual({ ok: false, message });
});
