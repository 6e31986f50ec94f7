// The runner itself; the command line's tests play whole scenarios.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isRunning } from "../programs/processes.fixture.ts";
import type { Figure, MeasuredProcess } from "../result/result.ts";
import { DEFAULT_SAMPLER } from "../samplers/choose-sampler.ts";
import {
  defineScenario,
  type Flow,
  type ProgramSpec,
  type Scenario,
  type ScenarioContext,
  type WireSpec,
} from "../scenario/scenario.ts";
import { StepFailure } from "../scenario/step-failure.ts";
import { readKernelFeatures } from "../witness/bpf/socket-program.ts";
import { type RunOptions, runScenario } from "./runner.ts";

const hasSs = spawnSync("ss", ["-V"]).status === 0;
const isRoot = process.getuid?.() === 0;
const isTraced = isRoot && readKernelFeatures() !== null && spawnSync("bpftrace", ["--version"]).status === 0;
const TRACED = { tracesKernel: true };
const forever = ["node", join(import.meta.dirname, "..", "fixtures", "forever.fixture.js")];

function play(run: Scenario["run"], over: Partial<RunOptions> = {}, more: Partial<Scenario> = {}) {
  const scenario = defineScenario({
    name: "made-here",
    title: "",
    description: "",
    durationSeconds: 1,
    flows: [],
    run,
    checks: [],
    ...more,
  });
  return runScenario(scenario, {
    sampler: DEFAULT_SAMPLER,
    durationMs: 1_000,
    intervalMs: 100,
    progress: { phase() {}, event() {}, now() {} },
    interruption: new AbortController().signal,
    ...over,
  });
}

it("A program that a failed scenario was still starting is stopped as well", async () => {
  const result = await play(async (context) => {
    void context.start({ id: "late", command: forever });
    throw new StepFailure("no patience");
  });
  expect(result.failure?.message).toBe("no patience");
  expect(result.processes.map(({ id, pid }) => ({ id, isRunning: isRunning(pid) }))).toEqual([
    { id: "late", isRunning: false },
  ]);
});

it("A scenario that goes on after its run is over can start nothing more", async () => {
  let later: Promise<unknown> = Promise.resolve();
  const interruption = new AbortController();
  await play(
    async (context) => {
      interruption.abort(new StepFailure("enough"));
      later = new Promise<void>((elapsed) => setTimeout(elapsed, 50)).then(() =>
        context.start({ id: "late", command: forever }),
      );
      later.catch(() => {});
      await later;
    },
    { interruption: interruption.signal },
  );
  await expect(later).rejects.toThrow("enough");
});

it("A mistake in a scenario is told as such, with its place", async () => {
  const { status, failure } = await play(async () => {
    throw new TypeError("x is not a function");
  });
  expect(status).toBe("failed");
  expect(failure?.message).toMatch(
    /^the scenario itself failed: TypeError: x is not a function\nat .*runner\.test\.ts:\d+\n\d+ \| .*throw new/,
  );
});

it("Two programs cannot have the same name", async () => {
  const { failure } = await play(async (context) => {
    await context.start({ id: "twin", command: forever });
    await context.start({ id: "twin", command: forever });
  });
  expect(failure?.message).toMatch(
    /^a program with the id "twin" is running already\nWrite another id.*\nat .*runner\.test\.ts:\d+$/,
  );
});

it("What a step is given is checked, with suggestions", async () => {
  const { failure, processes } = await play(async (context) => {
    const spec = { id: "p", cmd: forever, terminal: "yes" };
    await context.start(spec as unknown as ProgramSpec);
  });
  expect(processes).toEqual([]);
  expect(failure?.message.split("\n")).toEqual([
    'start: command is missing: write a list of words, as ["python3", "-u", "server.py"]',
    'terminal is the string "yes": write true or false',
    'a program has no "cmd". Did you mean "command"?',
    expect.stringMatching(/^at .*runner\.test\.ts:\d+$/),
  ]);
});

it("A program that has ended can be started again, and both its lives are one process", async () => {
  const { processes } = await play(async (context) => {
    const first = await context.start({ id: "phoenix", command: forever });
    first.signal("SIGKILL");
    await first.ended();
    await context.start({ id: "phoenix", command: forever });
  });
  expect(processes).toHaveLength(1);
  const [{ earlierLives: [earlier] = [], startedAtMs }] = processes as [MeasuredProcess];
  expect(earlier).toMatchObject({ signal: "SIGKILL", signalSent: "SIGKILL" });
  expect(startedAtMs).toBeGreaterThanOrEqual(earlier!.endedAtMs!);
});

it("An outage lasts until the scenario ends it, or the run does", async () => {
  const { outages, durationMs } = await play(async (context) => {
    const first = context.outage("first");
    await context.pause(20);
    first.end();
    context.outage("second");
    await context.pause(20);
  });
  const [first, second] = outages!;
  expect(first).toMatchObject({ label: "first" });
  expect(first!.endMs).toBeLessThanOrEqual(second!.startMs);
  expect(second!.endMs).toBeGreaterThan(first!.endMs);
  expect(second!.endMs).toBeLessThanOrEqual(durationMs);
});

it("Each phase ends where the next begins, and the last with the run", async () => {
  const { phases, durationMs } = await play(async (context) => {
    context.phase("one");
    await context.pause(20);
    context.phase("two");
  });
  expect(phases.map(({ name }) => name)).toEqual(["one", "two"]);
  expect(phases[0]!.endMs).toBe(phases[1]!.startMs);
  expect(phases[1]!.endMs).toBeLessThanOrEqual(durationMs);
});

it.runIf(hasSs)("The bytes of a program without a probe come from the kernel", async () => {
  const talker = join(import.meta.dirname, "..", "fixtures", "self-talker.fixture.js");
  const { connections, leaks } = await play(async (context) => {
    const command = ["env", "NODE_OPTIONS=", process.execPath, talker, "5000", "70"];
    const program = await context.start({ id: "talker", command });
    await program.ended();
  });
  expect(leaks).toBeUndefined();
  expect(connections).toMatchObject([
    { dialerToAcceptor: { writtenBytes: 5_000 }, acceptorToDialer: { writtenBytes: 70 } },
  ]);
});

it.runIf(isTraced)(
  "Connections that no probe sees are counted by the kernel, however short they are",
  async () => {
    const talker = join(import.meta.dirname, "..", "fixtures", "worker-talker.fixture.js");
    const { connections, sockets, warnings } = await play(async (context) => {
      const program = await context.start({ id: "talker", command: ["node", talker, "300"] });
      await program.ended();
    }, TRACED);
    expect(warnings ?? []).toEqual([]);
    expect(connections).toHaveLength(300);
    expect(new Set(connections.map(({ end }) => end))).toEqual(new Set(["fin"]));
    const written = sockets.map(
      ({ side, bytesWritten, bytesRead }) => `${side} ${bytesWritten} ${bytesRead}`,
    );
    expect(new Set(written)).toEqual(new Set(["dialer 10 20", "acceptor 20 10"]));
  },
);

it.runIf(isTraced)("The last bytes of a program that was killed are counted by the kernel", async () => {
  const talker = join(import.meta.dirname, "..", "fixtures", "self-talker.fixture.js");
  const { connections } = await play(async (context) => {
    const program = await context.start({ id: "talker", command: ["node", talker, "5000", "70"] });
    await program.sees(/sent/);
    program.signal("SIGKILL");
    await program.ended();
  }, TRACED);
  expect(connections).toMatchObject([
    { dialerToAcceptor: { writtenBytes: 5_000 }, acceptorToDialer: { writtenBytes: 70 } },
  ]);
});

it.runIf(isRoot)(
  "A process that outlives its program ends with the run, and the report says so",
  async () => {
    const { warnings } = await play(async (context) => {
      const daemon = "setsid sh -c 'echo in a session of its own; exec sleep 60' & read line";
      const program = await context.start({ id: "parent", command: ["sh", "-c", daemon] });
      await program.sees(/session/);
      program.type("end");
      await program.ended();
    });
    const [left] = warnings?.filter(({ cause }) => cause.startsWith("parent ended")) ?? [];
    const pid = Number(/running: (\d+)$/.exec(left?.cause ?? "")?.[1]);
    expect(pid).toBeGreaterThan(0);
    expect(isRunning(pid)).toBe(false);
  },
);

it.runIf(isRoot)(
  "A daemon that is slow to leave its parent's session is not killed with the parent",
  async () => {
    let wasRunning = false;
    await play(async (context) => {
      const file = join(context.directory, "pid");
      const slow = `sh -c 'sleep 0.2; exec setsid sh -c "echo \\$\\$ > ${file}; exec sleep 60"' &`;
      const program = await context.start({ id: "parent", command: ["sh", "-c", slow] });
      await program.ended();
      await expect.poll(() => existsSync(file) && readFileSync(file, "utf8")).toMatch(/\d\n/);
      wasRunning = isRunning(Number(readFileSync(file, "utf8")));
    });
    expect(wasRunning).toBe(true);
  },
);

it("Nothing is counted and no probe is loaded where the scenario wants no bytes counted", async () => {
  const talker = join(import.meta.dirname, "..", "fixtures", "self-talker.fixture.js");
  const { sockets, overhead } = await play(
    async (context) => {
      const program = await context.start({ id: "talker", command: ["node", talker, "5000", "70"] });
      await program.ended();
    },
    {},
    { countsBytes: false },
  );
  expect(sockets).toEqual([]);
  expect(overhead?.probes).toEqual([]);
});

it("A figure without a number fails the step that tells it, and not the report", async () => {
  const result = await play(async (context) => {
    context.figure({ name: "rate", unit: "/s", values: [1, Number.NaN] });
  });
  expect(result.status).toBe("failed");
  expect(result.failure?.message).toMatch(/^the figure "rate" has no number: 1, NaN\nat /);
});

it("A flow that is added while the run is on names its connections, and those of the scenario stay", async () => {
  const talker = join(import.meta.dirname, "..", "fixtures", "self-talker.fixture.js");
  const { connections, flows } = await play(async (context) => {
    const program = await context.start({ id: "talker", command: ["node", talker, "5000", "70"] });
    await program.ended();
    context.flow({ name: "talk", label: "Talk" });
    context.flow({ name: "talk", label: "Talk again", port: 1 });
  });
  expect(connections.map(({ flow }) => flow)).toEqual(["talk"]);
  expect(flows).toEqual([{ name: "talk", label: "Talk" }]);
});

it.each<[string, (context: ScenarioContext) => unknown, string]>([
  ["flow", (context) => context.flow({ name: "web" } as Flow), 'flow: label is missing: write label: "HTTP"'],
  ["phase", (context) => (context.phase as () => void)(), 'phase was given nothing: write a name, as "load"'],
  ["phase", (context) => context.phase(1 as unknown as string), 'phase was given 1: write a name, as "load"'],
  [
    "pause",
    (context) => context.pause("1 s" as unknown as number),
    'pause was given the string "1 s": write a number of milliseconds, as 500',
  ],
  [
    "figure",
    (context) => context.figure({ name: "rate", values: [1] } as unknown as Figure),
    "figure: unit is missing: write a string",
  ],
  [
    "proxy",
    (context) => context.proxy({ id: "link", to: { prt: 1 } } as unknown as WireSpec),
    "proxy: to.port is missing: write a number from 1 to 65535, without quotes",
  ],
])("What %s is given is checked, and the run is not lost", async (_, step, message) => {
  const { status, failure } = await play(async (context) => {
    await step(context);
  });
  expect(status).toBe("failed");
  expect(failure?.message.split("\n")[0]).toBe(message);
  expect(failure?.message).toMatch(/\nat .*runner\.test\.ts:\d+$/);
});

it("What a timer of the scenario throws fails the run, and loses no result", async () => {
  const { failure } = await play(async (context) => {
    setTimeout(() => {
      throw new TypeError("late");
    }, 10);
    await context.pause(2_000);
  });
  expect(failure?.message).toMatch(/^the scenario itself failed: TypeError: late\nat .*runner\.test\.ts/);
});
