// The shapes of what a scenario hands over, each with an example for the message about a value that does not fit. What
// the fields mean is documented in scenario.ts.
import { z } from "zod";
import { runResultSchema } from "../result/result.ts";
import { strict, write } from "./findings.ts";
import type {
  EventPattern,
  Flow,
  Mask,
  MessageFormat,
  ProgramSpec,
  Scenario,
  SeriesPattern,
  WireSpec,
} from "./scenario.ts";

const HIGHEST_PORT = 65_535;

const text = (example: string) => z.string(write(example)).min(1, write(example));
const pattern = (example: string) => z.instanceof(RegExp, write(`a pattern, as ${example}`));
/** What a program is waited for to print. */
export const patternSchema = z.instanceof(RegExp, {
  error: ({ input }) => {
    const example = typeof input === "string" && input !== "" ? asPattern(input) : "/ready/";
    return write(`a pattern, as ${example}`).error({ input });
  },
});
const positive = (example: string) => z.number(write(example)).positive(write(example));
const yesOrNo = z.boolean(write("true or false"));
const called = (example: string) =>
  z.custom<(...args: never[]) => unknown>((value) => typeof value === "function", write(example));
const list = <Item extends z.ZodType>(item: Item, example: string) => z.array(item, write(example));

const PORT = `a number from 1 to ${HIGHEST_PORT}, without quotes`;
export const portSchema = z.int(write(PORT)).min(1, write(PORT)).max(HIGHEST_PORT, write(PORT));

const sizes = z.record(z.string(), z.number(write("a number")), write("{ clients: 500 }"));

const FLOW = '{ name: "web", label: "HTTP", port: 8080 }';
export const flowSchema = strict<Flow>(
  "a flow",
  {
    name: text('name: "web"'),
    label: text('label: "HTTP"'),
    isTls: yesOrNo.optional(),
    port: portSchema.optional(),
    firstLine: pattern("/^GET /").optional(),
  },
  FLOW,
);

const MASK = '{ match: /secret=\\S+/, becomes: "secret=•••" }';
const mask = strict<Mask>(
  "a mask",
  { match: pattern("/secret=\\S+/"), becomes: z.string(write('becomes: "•••"')) },
  MASK,
);

const MESSAGES = '{ separator: "\\n", type: /^(\\w+)/ }';
const SEPARATOR = 'one ASCII character, as separator: "\\n"';
const messageFormat = strict<MessageFormat>(
  "messages",
  {
    separator: z.string(write(SEPARATOR)).regex(/^[\0-\x7f]$/, write(SEPARATOR)),
    type: pattern("/^(\\w+)/"),
    masks: list(mask, `[${MASK}]`).optional(),
    routine: pattern("/^p[io]ng$/").optional(),
  },
  MESSAGES,
);

const EVENT = '{ match: /logged in as (\\w+)/, name: "login", label: "$1" }';
const eventPattern = strict<EventPattern>(
  "an event",
  { match: pattern("/logged in/"), name: text('name: "login"'), label: z.string(write('label: "$1"')) },
  EVENT,
);

const SERIES = '{ match: /delay (\\d+)/, name: "delay", label: "Delay", unit: "ms" }';
const seriesPattern = strict<SeriesPattern>(
  "a series",
  {
    match: pattern("/delay (\\d+)/"),
    name: text('name: "delay"'),
    label: text('label: "Delay"'),
    unit: z.string(write('unit: "ms"')),
  },
  SERIES,
);

const COMMAND = 'a list of words, as ["python3", "-u", "server.py"]';
const command = z
  .array(z.string(write("a string, in quotes")), {
    error: ({ input }) => {
      if (typeof input === "string") return `is the string ${JSON.stringify(input)}: write ${asWords(input)}`;
      return write(COMMAND).error({ input });
    },
  })
  .min(1, write(COMMAND));

export const programSchema = strict<ProgramSpec>(
  "a program",
  {
    id: text('id: "server"'),
    label: text('label: "the server"').optional(),
    command,
    cwd: text('a folder, as cwd: "server"').optional(),
    environment: z
      .record(z.string(), z.string(write('a string, as "1"')), write('environment: { DEBUG: "1" }'))
      .optional(),
    terminal: yesOrNo.optional(),
    events: list(eventPattern, `[${EVENT}]`).optional(),
    series: list(seriesPattern, `[${SERIES}]`).optional(),
    logFile: text('logFile: "server.log"').optional(),
  },
  '{ id: "server", command: ["redis-server", "--port", "7000"] }',
);

const address = { host: text('host: "127.0.0.1"').optional() };
export const wireSchema = strict<WireSpec>(
  "a proxy",
  {
    id: text('id: "link"'),
    to: strict<WireSpec["to"]>("to", { ...address, port: portSchema }, "{ port: 7000 }"),
    listen: strict<NonNullable<WireSpec["listen"]>>(
      "listen",
      { ...address, port: portSchema.optional() },
      "{ port: 7001 }",
    ).optional(),
    seed: z.number(write("a number")).optional(),
  },
  '{ id: "link", to: { port: 7000 } }',
);

/** Of a phase, or of what is away. */
export const nameSchema = text('a name, as "load"');

export const timeSchema = z.number(write("a number of milliseconds, as 500"));

export const figureSchema = runResultSchema.shape.figures.unwrap().element.strict();

export const plotSchema = runResultSchema.shape.plots.unwrap().element.strict();

/** How long a step waits. */
export const waitSchema: z.ZodType = strict<{ withinMs?: number }>(
  "a step",
  { withinMs: positive("withinMs: 5000").optional() },
  "{ withinMs: 5000 }",
);

export const scenarioSchema = strict<Scenario>(
  "a scenario",
  {
    name: text('name: "redis"').regex(/^[^/\\]+$/, write('a name without slashes, as name: "two-clients"')),
    title: text('title: "Redis under load"'),
    description: z.string(write('description: "20,000 requests, then silence."')),
    durationSeconds: positive("durationSeconds: 10"),
    settings: sizes.optional(),
    fullSize: strict<NonNullable<Scenario["fullSize"]>>(
      "fullSize",
      { durationSeconds: positive("durationSeconds: 60"), settings: sizes },
      "{ durationSeconds: 60, settings: { clients: 5000 } }",
    ).optional(),
    flows: list(flowSchema, `flows: [${FLOW}], or flows: []`),
    messages: messageFormat.optional(),
    countsBytes: z.boolean(write("true or false")).optional(),
    run: called("async run(context) { … }"),
    checks: list(called('a check, as rssBelowMb("server", 50)'), "checks: [] or a list of checks"),
  },
  "export default defineScenario({ … })",
);

/** A command as it may have been meant: split at blanks, or given to the shell if it needs one. */
function asWords(line: string): string {
  const words = /[|&;<>$`"'*?\\]/.test(line) ? ["sh", "-c", line] : line.trim().split(/\s+/);
  return JSON.stringify(words).replaceAll('","', '", "');
}

function asPattern(text: string): string {
  return `/${text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}/`;
}
