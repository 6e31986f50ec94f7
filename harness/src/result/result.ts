// What one run measured: the RunResult that result.json holds, composed of the parts in result/. Measuring
// writes it, checks judge it, charts and reporters render it; nothing else passes between the three. Times are
// milliseconds since the run began, from a monotonic clock; bytes are bytes; CPU is percent of one core.
import { z } from "zod";
import {
  connection,
  measuredSocket,
  type messageCount,
  type saidMessage,
  type socketSample,
  type wireCount,
} from "./connections.ts";
import {
  type life,
  type loopDelay,
  measuredProcess,
  type processSample,
  type resourceSample,
} from "./processes.ts";
import { bytes, timeMs } from "./units.ts";

export const SCHEMA_VERSION = 1;

const environment = z.object({
  harnessVersion: z.string(),
  nodeVersion: z.string(),
  platform: z.string(),
  architecture: z.string(),
  kernel: z.string(),
  cpuModel: z.string(),
  cpuCount: z.number().int().positive(),
  memoryBytes: bytes,
});

const event = z.object({
  timeMs: timeMs.describe("arrival of the line that reports it"),
  processId: z.string(),
  name: z.string().describe("kind of event, e.g. login, move"),
  label: z.string().describe("what charts write, a few words at most"),
  text: z.string().describe("the printed line it was read from"),
});

const valueSeries = z.object({
  name: z.string(),
  label: z.string(),
  unit: z.string(),
  processId: z.string(),
  points: z.array(z.object({ timeMs, value: z.number() })),
});

const phase = z.object({ name: z.string(), startMs: timeMs, endMs: timeMs });
const outage = z.object({ label: z.string(), startMs: timeMs, endMs: timeMs });

const verdict = z.object({
  name: z.string(),
  passed: z.boolean(),
  value: z.union([z.number(), z.string()]).describe("what was measured"),
  limit: z.union([z.number(), z.string()]).describe("what was allowed"),
  unit: z.string(),
  advice: z.string().describe("what to do when it failed"),
  isTiming: z.boolean().optional().describe("a busy or slow machine alone can make it fail"),
  isOnlyTold: z.boolean().optional().describe("it failed, and only warns because of --timing warn"),
});

const figure = z.object({
  name: z.string().describe("unique in the run"),
  unit: z.string(),
  values: z.array(z.number()).min(1).describe("one for each round in which it was measured"),
  cell: z
    .object({ table: z.string(), row: z.string(), column: z.string() })
    .optional()
    .describe("where a report shows it, if not in a line of its own"),
});

const plotAxis = z.object({ title: z.string(), isLogarithmic: z.boolean().optional() });

const plot = z.object({
  name: z.string().describe("its file is <name>.png"),
  title: z.string(),
  x: plotAxis.extend({ categories: z.array(z.string()).optional().describe("x is an index of it") }),
  y: plotAxis,
  limits: z.array(z.object({ label: z.string(), y: z.number() })).optional(),
  series: z.array(
    z.object({
      label: z.string(),
      points: z.array(
        z.object({ x: z.number(), y: z.number(), low: z.number().optional(), high: z.number().optional() }),
      ),
    }),
  ),
});

const overhead = z.object({
  harnessCpuPercent: z
    .number()
    .nonnegative()
    .describe("of the tool's own process over the run, 100 = one core"),
  witnessCpuPercent: z
    .number()
    .nonnegative()
    .optional()
    .describe("of the processes that count sockets for the tool, beside its own; only where known"),
  ticksMissed: z.number().int().nonnegative(),
  scheduleErrorMs: z
    .object({ p50: z.number(), p99: z.number(), max: z.number() })
    .describe("how far from its planned time each sampling began"),
  clockResolutionMs: z
    .number()
    .positive()
    .describe("the smallest step that the run's clock was seen to take"),
  probes: z
    .array(z.object({ processId: z.string(), workMs: z.number().nonnegative() }))
    .optional()
    .describe("how long each process was at work for the probe in it; not its start"),
});

const capture = z.object({
  packets: z.number().int().nonnegative().describe("TCP packets of the whole machine"),
  packetsDropped: z.number().int().nonnegative().describe("dropped by the kernel"),
  problem: z.string().nullable().describe("why there is no usable capture"),
});

const diagnosis = z.object({
  processId: z.string(),
  category: z
    .string()
    .describe("as Clinic Doctor names it: none, data, event-loop, io, gc, performance, unknown"),
  text: z.string(),
  issues: z
    .record(z.string(), z.string())
    .describe("for each part that it examined: none, data or performance"),
});

const failure = z.object({
  message: z.string().describe("what was expected and did not happen"),
  processId: z.string().nullable(),
  lastOutput: z.array(z.string()).describe("the last lines that the process printed"),
});

const warning = z.object({
  cause: z.string().describe("what is uncertain about the run"),
  remedy: z.string().describe("what to do about it"),
});

export const runResultSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  scenario: z.object({ name: z.string(), title: z.string(), description: z.string() }),
  startedAt: z.iso.datetime(),
  durationMs: timeMs,
  status: z.enum(["passed", "failed", "interrupted"]),
  failure: failure.nullable(),
  environment,
  sampling: z.object({
    intervalMs: z.number().positive(),
    sampler: z.string(),
    ticksTaken: z.number().int().nonnegative(),
    ticksMissed: z.number().int().nonnegative(),
    membership: z
      .enum(["control-group", "process-tree", "process-only"])
      .optional()
      .describe(
        "how the processes of a program were found; a process tree lacks those that left it, process-only has no children. Not in results of older versions",
      ),
  }),
  overhead: overhead.optional().describe("what measuring cost; not in results of older versions"),
  countsBytes: z.literal(false).optional().describe("the scenario omits counting bytes"),
  capture: capture.optional().describe("only if one was asked for"),
  instruments: z
    .array(z.string())
    .optional()
    .describe("what was loaded into the programs besides the probe and slowed them"),
  leaks: z
    .array(z.string())
    .optional()
    .describe("what the tool itself still held after the run, and should not"),
  profiles: z
    .array(z.string().regex(/^[\w.-]+\/[\w.-]+$/))
    .optional()
    .describe("files that Node's profilers left, by their place in the report"),
  diagnosis: diagnosis.optional().describe("what Clinic Doctor said, if it was asked"),
  flows: z
    .array(z.object({ name: z.string(), label: z.string() }))
    .describe("in the order in which charts draw them"),
  processes: z.array(measuredProcess),
  sockets: z.array(measuredSocket),
  connections: z.array(connection).describe("the two ends of each connection, put together"),
  events: z.array(event),
  series: z.array(valueSeries).optional().describe("values read from printed lines"),
  phases: z.array(phase),
  outages: z
    .array(outage)
    .optional()
    .describe("when something was made to fail; charts shade them. Not in results of older versions"),
  settings: z
    .record(z.string(), z.number())
    .optional()
    .describe("the scenario's sizes; not in results of older versions"),
  figures: z
    .array(figure)
    .optional()
    .describe("what the scenario itself measured; not in results of older versions"),
  plots: z.array(plot).optional().describe("pictures of such figures"),
  checks: z.array(verdict),
  warnings: z.array(warning).optional().describe("not in results of older versions"),
});

export type RunResult = z.infer<typeof runResultSchema>;
export type Life = z.infer<typeof life>;
export type MeasuredProcess = z.infer<typeof measuredProcess>;
export type LoopDelay = z.infer<typeof loopDelay>;
export type ProcessSample = z.infer<typeof processSample>;
export type ResourceSample = z.infer<typeof resourceSample>;
export type MeasuredSocket = z.infer<typeof measuredSocket>;
export type MessageCount = z.infer<typeof messageCount>;
export type WireCount = z.infer<typeof wireCount>;
export type CaptureOutcome = z.infer<typeof capture>;
export type SocketSample = z.infer<typeof socketSample>;
export type SaidMessage = z.infer<typeof saidMessage>;
export type Connection = z.infer<typeof connection>;
export type ValueSeries = z.infer<typeof valueSeries>;
export type RunEvent = z.infer<typeof event>;
export type Phase = z.infer<typeof phase>;
export type Outage = z.infer<typeof outage>;
export type Verdict = z.infer<typeof verdict>;
export type Warning = z.infer<typeof warning>;
export type Figure = z.infer<typeof figure>;
export type Plot = z.infer<typeof plot>;
export type Overhead = z.infer<typeof overhead>;
export type Diagnosis = z.infer<typeof diagnosis>;
export type Failure = z.infer<typeof failure>;
export type Environment = z.infer<typeof environment>;
