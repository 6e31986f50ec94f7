import { describe, expect, it } from "vitest";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { AttemptLimits } from "./attempt-limits.ts";

const clock = new ManualClock();

/** Fails `count` times as fast as it is let; tells how often it was, and the wait it met in the end. */
function fail(
  limits: AttemptLimits,
  user: string,
  address: string,
  count: number,
): { failures: number; waits: number } {
  let failures = 0;
  for (let index = 0; index < count; index++) {
    const attempt = limits.tryPassword(user, address);
    if (!attempt.ok) return { failures, waits: attempt.seconds };
    attempt.end(true);
    failures++;
  }
  return { failures, waits: 0 };
}

describe("failures", () => {
  it("are at most 10 a minute for an account from one address, whatever the case of the name", () => {
    const limits = new AttemptLimits(clock);
    expect(fail(limits, "alan", "1.1.1.1", 6)).toEqual({ failures: 6, waits: 0 });
    clock.advance(20_000);
    expect(fail(limits, "ALAN", "1.1.1.1", 20)).toEqual({ failures: 4, waits: 40 });
    expect(fail(limits, "alan", "2.2.2.2", 1)).toEqual({ failures: 1, waits: 0 });
    clock.advance(39_999);
    expect(fail(limits, "alan", "1.1.1.1", 1)).toEqual({ failures: 0, waits: 1 });
    clock.advance(1);
    expect(fail(limits, "alan", "1.1.1.1", 20).failures).toBe(6);
  });

  it("are at most 30 a minute for an address", () => {
    const limits = new AttemptLimits(clock);
    for (const user of ["a", "b", "c"]) expect(fail(limits, user, "1.1.1.1", 10).failures).toBe(10);
    expect(fail(limits, "d", "1.1.1.1", 1)).toEqual({ failures: 0, waits: 60 });
    expect(fail(limits, "d", "2.2.2.2", 1).failures).toBe(1);
  });

  it("count while they are under way, and those that succeed do not stay", () => {
    const limits = new AttemptLimits(clock);
    const attempts = Array.from({ length: 10 }, () => limits.tryPassword("alan", "1.1.1.1"));
    expect(limits.tryPassword("alan", "1.1.1.1")).toEqual({ ok: false, seconds: 1 });
    for (const attempt of attempts) if (attempt.ok) attempt.end(false);
    expect(fail(limits, "alan", "1.1.1.1", 20).failures).toBe(10);
  });

  it("from one IPv6 network count as from one address", () => {
    const limits = new AttemptLimits(clock);
    for (const address of ["2001:db8::1", "2001:db8:0:0:ffff::2", "2001:db8::3"])
      fail(limits, `at ${address}`, address, 10);
    expect(fail(limits, "x", "2001:db8::4", 1).failures).toBe(0);
    expect(fail(limits, "x", "2001:db8:0:1::4", 1).failures).toBe(1);
  });

  it("that lie in the future, because the clock was set back, do not count", () => {
    const limits = new AttemptLimits(clock);
    fail(limits, "alan", "1.1.1.1", 10);
    clock.set(-3_600_000);
    expect(fail(limits, "alan", "1.1.1.1", 1).failures).toBe(1);
  });
});

describe("many failures of one account", () => {
  it("make every address that failed wait longer and longer, up to a minute", () => {
    const limits = new AttemptLimits(clock);
    const waits: number[] = [];
    for (let address = 0; address < 45; address++) {
      fail(limits, "alan", `10.0.0.${address}`, 1);
      waits.push(fail(limits, "alan", `10.0.0.${address}`, 0).waits);
      const again = limits.tryPassword("alan", `10.0.0.${address}`);
      waits[address] = again.ok ? 0 : again.seconds;
      if (again.ok) again.end(false);
    }
    expect(waits.slice(0, 29)).toEqual(Array(29).fill(0));
    expect(waits.slice(29, 37)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it("never lock out the owner, who logs in from another address", () => {
    const limits = new AttemptLimits(clock);
    for (let address = 0; address < 200; address++) fail(limits, "alan", `10.0.0.${address}`, 10);
    expect(limits.tryPassword("alan", "192.0.2.1").ok).toBe(true);
  });
});

describe("new users", () => {
  it("are at most 10 a minute for an address", () => {
    const limits = new AttemptLimits(clock, { newUsersPerAddress: 2 });
    expect([limits.addUser("1.1.1.1"), limits.addUser("1.1.1.1"), limits.addUser("1.1.1.1")]).toEqual([
      null,
      null,
      60,
    ]);
    expect(limits.addUser("2.2.2.2")).toBeNull();
    clock.advance(60_000);
    expect(limits.addUser("1.1.1.1")).toBeNull();
  });
});

describe("memory", () => {
  it("is bounded: the least recently used entry is forgotten", () => {
    const limits = new AttemptLimits(clock, { maxRemembered: 3, failuresPerAddress: 1 });
    for (const address of ["a", "b", "c", "d"]) fail(limits, `user ${address}`, address, 1);
    expect(fail(limits, "x", "b", 1).failures).toBe(0);
    expect(fail(limits, "x", "a", 1).failures).toBe(1);
  });
});
