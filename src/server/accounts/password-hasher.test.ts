import { describe, expect, it } from "vitest";
import { PasswordHasher } from "./password-hasher.ts";

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

const median = (times: number[]) => times.sort((one, other) => one - other)[times.length >> 1] as number;

describe("a hash", () => {
  it("matches only its password, whatever its length", async () => {
    const hasher = new PasswordHasher();
    for (const password of ["", "correct horse", "ç".repeat(1_000)]) {
      const hashed = await hasher.hash(password);
      if (!hashed.ok) throw new Error(hashed.code);
      expect(await hasher.verify(hashed.value, password)).toEqual({ ok: true, value: true });
      expect(await hasher.verify(hashed.value, `${password}x`)).toEqual({ ok: true, value: false });
    }
  });

  it("that is missing matches nothing, and takes as long to check", async () => {
    const hasher = new PasswordHasher();
    const hashed = await hasher.hash("correct horse");
    if (!hashed.ok) throw new Error(hashed.code);
    expect(await hasher.verify(null, "correct horse")).toEqual({ ok: true, value: false });
    const unknownMs: number[] = [];
    const wrongMs: number[] = [];
    for (let index = 0; index < 9; index++) {
      unknownMs.push(await timeMs(() => hasher.verify(null, "wrong")));
      wrongMs.push(await timeMs(() => hasher.verify(hashed.value, "wrong")));
    }
    const ratio = median(unknownMs) / median(wrongMs);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});

describe("the queue", () => {
  it("accepts a limited number and refuses the rest at once, then accepts again", async () => {
    const hasher = new PasswordHasher({ concurrency: 1, maxWaiting: 5 });
    let isFirstDone = false;
    const waiting = Array.from({ length: 6 }, () => hasher.verify(null, "x"));
    void waiting[0]?.then(() => {
      isFirstDone = true;
    });
    expect(await hasher.verify(null, "x")).toEqual({ ok: false, code: "TRY_LATER", seconds: 1 });
    expect(isFirstDone).toBe(false);
    expect((await Promise.all(waiting)).every(({ ok }) => ok)).toBe(true);
    expect(await hasher.verify(null, "x")).toEqual({ ok: true, value: false });
  });

  it("does not block the event loop", async () => {
    const hasher = new PasswordHasher();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await Promise.all(Array.from({ length: 20 }, () => hasher.verify(null, "x")));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });
});
