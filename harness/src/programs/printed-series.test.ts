import { expect, test } from "vitest";
import { PrintedSeries } from "./printed-series.ts";

const delay = { match: /^Delay: ([\d.]+) ms/, name: "delay", label: "round trip", unit: "ms" };

test("a number in a printed line becomes a value of its process's series", () => {
  const series = new PrintedSeries();
  series.take("alan", 100, "Delay: 10.6 ms, 0.9 ms", [delay]);
  series.take("alan", 150, "nothing to see", [delay]);
  series.take("beto", 200, "Delay: 3 ms", [delay]);
  series.take("alan", 300, "Delay: 0.5 ms", [delay]);
  const told = { name: "delay", label: "round trip", unit: "ms" };
  expect(series.all()).toEqual([
    {
      ...told,
      processId: "alan",
      points: [
        { timeMs: 100, value: 10.6 },
        { timeMs: 300, value: 0.5 },
      ],
    },
    { ...told, processId: "beto", points: [{ timeMs: 200, value: 3 }] },
  ]);
});

test("what is no number is no value", () => {
  const series = new PrintedSeries();
  series.take("alan", 100, "Delay: 1.2.3 ms", [delay]);
  series.take("alan", 100, "Delay: soon", [{ ...delay, match: /^Delay: (\w+)/ }]);
  expect(series.all()).toEqual([]);
});
