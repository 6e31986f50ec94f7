import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryLeaderboard } from "./memory-leaderboard.ts";

describe("leaders", () => {
  it("are sorted by points, ties by name without regard to case", () => {
    const leaderboard = new MemoryLeaderboard([{ user: "Zoe", points: 3 }]);
    leaderboard.add("caio", 0);
    leaderboard.add("Beto", 0);
    leaderboard.add("alan", 0);
    leaderboard.add("caio", 2);
    leaderboard.add("CAIO", 1);
    expect(leaderboard.page(0)).toBe("leadersACK;caio:3;Zoe:3;alan:0;Beto:0");
    leaderboard.add("Zoe", -3);
    expect(leaderboard.page(0)).toBe("leadersACK;caio:3;alan:0;Beto:0;Zoe:0");
    expect(leaderboard.pointsOf("cAIO")).toBe(3);
  });

  it("are an empty list without users", () => {
    expect(new MemoryLeaderboard([]).page(0)).toBe("leadersACK");
  });

  it("are read again once some may have been missed, and shown as before until that succeeds", async () => {
    const scores = [{ user: "alan", points: 0 }];
    let isAway = true;
    const leaderboard = new MemoryLeaderboard(scores, async () => {
      if (isAway) throw new Error("the store is away");
      return [{ user: "alan", points: 2 }];
    });
    leaderboard.mayHaveMissed();
    expect(await leaderboard.page(0)).toBe("leadersACK;alan:0");
    isAway = false;
    expect(await leaderboard.page(0)).toBe("leadersACK;alan:2");
    leaderboard.add("alan", 1);
    expect(leaderboard.page(0)).toBe("leadersACK;alan:3");
  });

  it("come in pages of at most 1,000", () => {
    const leaderboard = new MemoryLeaderboard([]);
    for (let index = 0; index < 2_500; index++)
      leaderboard.add(`u${String(index).padStart(4, "0")}`, index % 3);
    const pages = [0, 1_000, 2_000, 3_000].map((offset) =>
      String(leaderboard.page(offset)).split(";").slice(1),
    );
    expect(pages.map(({ length }) => length)).toEqual([1_000, 1_000, 500, 0]);
    expect(new Set(pages.flat()).size).toBe(2_500);
    expect(leaderboard.page(2_499)).toBe("leadersACK;u2499:0");
    expect(pages[0]?.[0]).toBe("u0002:2");
  });

  it("stay sorted whatever is added", () => {
    const change = fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const leaderboard = new MemoryLeaderboard([]);
        const points = new Map<string, number>();
        for (const [user, added] of changes) {
          leaderboard.add(user, added);
          points.set(user, (points.get(user) ?? 0) + added);
        }
        const sorted = [...points].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
        expect(leaderboard.page(0)).toBe(
          ["leadersACK", ...sorted.map(([user, of]) => `${user}:${of}`)].join(";"),
        );
      }),
    );
  });

  it("of 100,000 users are not sorted again for each result", () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `u${String(index).padStart(6, "0")}`);
    const leaderboard = new MemoryLeaderboard(names.map((user) => ({ user, points: 0 })));
    const timeMs = (work: () => void) => {
      const startedAtMs = performance.now();
      work();
      return performance.now() - startedAtMs;
    };
    const addMs = timeMs(() => {
      for (let index = 0; index < 500; index++) leaderboard.add(names[index * 197] as string, 2);
    });
    const backwards = [...names].reverse();
    const sortMs = timeMs(() => backwards.sort((one, other) => (one.slice(1) < other.slice(1) ? -1 : 1)));
    expect(addMs / 500).toBeLessThan(sortMs / 5);
  });
});
