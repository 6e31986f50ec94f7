import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunResult } from "../result/result.ts";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { SLANT } from "./event-labels.ts";
import { ELBOW_HEIGHT, FAILURE_HEIGHT, frameFor, HEADER_HEIGHT } from "./frame.ts";
import { PAGE, PLOT } from "./theme.ts";

const spec = { title: "", subtitle: "", notes: [], isOwnEvent: () => true, emptyNote: null };
const failure = { message: "it broke", processId: null, lastOutput: [] };

const anyRun: fc.Arbitrary<RunResult> = fc
  .record({
    durationMs: fc.integer({ min: 0, max: 600_000 }),
    labels: fc.array(fc.record({ at: fc.double({ min: 0, max: 1.1, noNaN: true }), label: fc.string() }), {
      maxLength: 60,
    }),
    isFailed: fc.boolean(),
  })
  .map(({ durationMs, labels, isFailed }) =>
    sampleRun({
      durationMs,
      events: labels.map(({ at, label }) => ({
        timeMs: at * durationMs,
        processId: "alan",
        name: "said",
        label,
        text: label,
      })),
      status: isFailed ? "failed" : "passed",
      failure: isFailed ? failure : null,
    }),
  );

test("The header, the labels at their real width and the plot never overlap, and all are on the page", () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const frame = frameFor(run, spec);
      const header = HEADER_HEIGHT + (frame.failure === null ? 0 : FAILURE_HEIGHT);
      for (const label of frame.labels) {
        expect(frame.top - ELBOW_HEIGHT - label.width * Math.sin(SLANT)).toBeGreaterThanOrEqual(header);
        expect(label.x + label.width * Math.cos(SLANT)).toBeLessThanOrEqual(PAGE.width);
        for (const mark of label.marks) {
          expect(mark.x).toBeGreaterThanOrEqual(PLOT.left);
          expect(mark.x).toBeLessThanOrEqual(PLOT.right);
        }
      }
      expect(frame.bottom - frame.top).toBeGreaterThan(PAGE.height / 2.2);
    }),
    { numRuns: 50 },
  );
});

test("A run that failed without a message names the checks that failed", () => {
  const [first, second] = sampleRun().checks;
  const run = sampleRun({ status: "failed", checks: [{ ...first!, passed: false }, second!] });
  expect(frameFor(run, spec).failure).toBe("FAILED: the server's memory");
});

test("A run that passed has no failure strip", () => {
  expect(frameFor(sampleRun(), spec).failure).toBeNull();
});
