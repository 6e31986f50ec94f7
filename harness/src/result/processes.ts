// The processes of a run. One that was started again under the same id is one process.
import { z } from "zod";
import { bytes, timeMs } from "./units.ts";

export const processSample = z.object({
  timeMs,
  cpuPercent: z.number().nonnegative().describe("CPU of the process and its children, 100 = one core"),
  rssBytes: bytes.describe("resident memory of the process and its children"),
  virtualBytes: bytes.optional().describe("address space of the same processes; only Linux tells it"),
  io: z
    .object({
      readCount: z.number().int().nonnegative().describe("system calls that read"),
      writeCount: z.number().int().nonnegative(),
      readBytes: bytes.describe("from disks"),
      writeBytes: bytes.describe("to disks"),
    })
    .optional()
    .describe("reads and writes of the same processes since they began, if asked for; only Linux tells it"),
  processCount: z.number().int().positive().describe("the process itself and its living children"),
});

const count = z.number().int().nonnegative();

export const resourceSample = z
  .object({
    timeMs,
    threads: count.describe("of the process and its living children, as everything here"),
    openFiles: count.optional().describe("file descriptors, sockets too"),
    voluntarySwitches: count.describe("since it began: a thread waited for something"),
    involuntarySwitches: count.describe("since it began: a thread had to make room for another"),
    minorFaults: count.describe("since it began: page faults that took no disk"),
    majorFaults: count.describe("since it began: page faults that read from a disk"),
    diskReadBytes: bytes.optional().describe("since it began"),
    diskWrittenBytes: bytes.optional().describe("since it began"),
    pssBytes: bytes.optional().describe("resident memory, in which pages that processes share count once"),
  })
  .describe("what may be left out is not shown to this user, or was not read this time");

export const loopDelay = z.object({
  timeMs,
  meanMs: z.number().nonnegative(),
  maxMs: z.number().nonnegative(),
});

export const life = z.object({
  pid: z.number().int().positive(),
  startedAtMs: timeMs,
  endedAtMs: timeMs.nullable().describe("null if it was still running when the result was written"),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable().describe("what ended it, if a signal did"),
  signalSent: z.string().nullable().optional().describe("the last signal that the scenario sent it"),
});

export const measuredProcess = life.extend({
  id: z.string().describe("short name, unique in the run; charts are named after it"),
  label: z.string(),
  command: z.array(z.string()),
  earlierLives: z
    .array(life)
    .optional()
    .describe("before it was started again; the fields beside are of its last life"),
  samples: z.array(processSample).describe("of all its lives"),
  resources: z
    .array(resourceSample)
    .optional()
    .describe("once a second; only Linux tells it. Not in results of older versions"),
  loopDelays: z
    .array(loopDelay)
    .optional()
    .describe(
      "how late a timer of its event loop was since the entry before; only of programs with the probe",
    ),
});
