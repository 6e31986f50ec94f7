import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { RunEvent } from "../result/result.ts";
import type { EventPattern } from "../scenario/scenario.ts";
import { findFreePort } from "./free-port.ts";
import { isRunning } from "./processes.fixture.ts";
import { type ProgramHost, RunningProgram, readEvent } from "./program.ts";

const startMs = performance.now();
const interruption = new AbortController();
const events: RunEvent[] = [];
const groups = new Set<number>();
const host: ProgramHost = {
  directory: process.cwd(),
  nowMs: () => performance.now() - startMs,
  signal: interruption.signal,
  caretaker: {
    watchGroup: (pid) => groups.add(pid),
    forgetGroup: (pid) => groups.delete(pid),
    watchFolder: () => {},
    watchNamespace: () => {},
    forgetNamespace: () => {},
    dismiss: async () => {},
  },
  onEvent: (event) => events.push(event),
  onLine: () => {},
};

const started: RunningProgram[] = [];

async function start(
  name: string,
  args: string[] = [],
  patterns: EventPattern[] = [],
  over: Partial<ProgramHost> = {},
) {
  const file = join(import.meta.dirname, "..", "fixtures", `${name}.fixture.js`);
  const program = await RunningProgram.start(
    { id: name, command: ["node", file, ...args], events: patterns },
    {},
    { ...host, ...over },
  );
  started.push(program);
  return program;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((program) => program.stop({ withinMs: 100 })));
  expect(groups).toEqual(new Set());
});

describe("a program that listens", () => {
  it("is waited for until it does", async () => {
    const port = await findFreePort(1);
    const listener = await start("listener", [`${port}`]);
    await listener.listens(port);
  });

  it("is told from others at the same port, and from ports that nobody has", async () => {
    const port = await findFreePort(1);
    const listener = await start("listener", [`${port}`]);
    await listener.listens(port);
    const silent = await start("silent");
    await expect(silent.listens(port, { withinMs: 150 })).rejects.toThrow(
      `silent did not listen at port ${port} within 150 ms`,
    );
  });

  it("fails the step when it ends before", async () => {
    const early = await start("early-exit");
    await expect(early.listens(1)).rejects.toThrow(/^early-exit ended with .* before it listened at port 1$/);
  });
});

describe("a program", () => {
  it("is typed to, and its answers are seen in order", async () => {
    const echo = await start("echo");
    await echo.sees(/^ready/);
    echo.type("one");
    echo.type("two");
    expect((await echo.sees(/^got (.*)/))[1]).toBe("one");
    expect((await echo.sees(/^got (.*)/))[1]).toBe("two");
  });

  it("tells its events with the moment at which the line came", async () => {
    const beforeMs = host.nowMs();
    const echo = await start("echo", [], [{ match: /^got (\w+) (\w+)/, name: "echo", label: "$2 and $1" }]);
    echo.type("salt pepper");
    await echo.sees(/^got/);
    const event = events.at(-1)!;
    expect(event).toMatchObject({
      processId: "echo",
      name: "echo",
      label: "pepper and salt",
      text: "got salt pepper",
    });
    expect(event.timeMs).toBeGreaterThan(beforeMs);
    expect(event.timeMs).toBeLessThanOrEqual(host.nowMs());
  });

  it("prints in pieces and without a last line end, and is still read line by line", async () => {
    const printer = await start("slow-printer");
    expect((await printer.sees(/^slow line$/))[0]).toBe("slow line");
    expect((await printer.sees(/^last$/))[0]).toBe("last");
  });

  it("that does not print in time is reported with what was expected, how long, and what it printed last", async () => {
    const echo = await start("echo");
    await echo.sees(/^ready/);
    echo.type("one");
    await echo.sees(/^got one/);
    await expect(echo.sees(/^got two/, { withinMs: 50 })).rejects.toMatchObject({
      message: "echo did not print /^got two/ within 50 ms",
      processId: "echo",
      lastOutput: ["ready", "got one"],
    });
  });

  it("that ends before it prints is reported at once, standard error included", async () => {
    const program = await start("early-exit");
    await expect(program.sees(/^ready/, { withinMs: 60_000 })).rejects.toMatchObject({
      message: "early-exit ended with exit code 3 before it printed /^ready/",
      lastOutput: ["starting", "cannot go on"],
    });
    expect(program.measured()).toMatchObject({ exitCode: 3, signal: null });
    expect(() => program.type("x")).toThrow('early-exit ended with exit code 3, so "x" cannot be typed');
  });

  it("that ends by itself is waited for, and one that does not is reported", async () => {
    expect(await (await start("early-exit")).ended()).toBe(3);
    const silent = await start("silent");
    await expect(silent.ended({ withinMs: 50 })).rejects.toThrow("silent did not end within 50 ms");
  });

  it("that cannot be started is reported", async () => {
    const starting = RunningProgram.start({ id: "ghost", command: ["/nonexistent/ghost"] }, {}, host);
    await expect(starting).rejects.toMatchObject({
      message: "ghost could not be started: spawn /nonexistent/ghost ENOENT",
      processId: "ghost",
    });
  });

  it("is asked to end, and killed when it does not", async () => {
    const polite = await start("echo");
    await polite.sees(/^ready/);
    expect(await polite.stop()).toBe(0);

    const stubborn = await start("stubborn");
    await stubborn.sees(/^ready/);
    expect(await stubborn.stop({ withinMs: 50 })).toBeNull();
    expect(stubborn.measured()).toMatchObject({ exitCode: null, signal: "SIGKILL" });
    expect(isRunning(stubborn.pid)).toBe(false);
  });

  it("that the scenario signals is marked, and its end is known as intended", async () => {
    const forever = await start("forever");
    forever.signal("SIGKILL");
    expect(await forever.ended()).toBeNull();
    expect(events.at(-1)).toMatchObject({ processId: "forever", name: "signal", label: "SIGKILL" });
    expect(forever.measured()).toMatchObject({ signal: "SIGKILL", signalSent: "SIGKILL" });
    expect(() => forever.signal("SIGTERM")).toThrow("forever ended with signal SIGKILL, so SIGTERM cannot");
  });

  it("is asked to end also while it is frozen", async () => {
    const frozen = await start("echo");
    await frozen.sees(/^ready/);
    frozen.signal("SIGSTOP");
    expect(await frozen.stop()).toBe(0);
  });

  it("takes its children with it", async () => {
    const parent = await start("parent", ["forever.fixture.js"]);
    const child = Number((await parent.sees(/^here (\d+)/))[1]);
    expect(isRunning(child)).toBe(true);
    await parent.stop();
    await expect.poll(() => isRunning(child)).toBe(false);
  });

  it("is no longer waited for when the run is interrupted, but can still be stopped", async () => {
    const stop = new AbortController();
    const forever = await start("forever", [], [], { signal: stop.signal });
    const waiting = forever.sees(/^never/);
    stop.abort(new Error("the run was interrupted"));
    await expect(waiting).rejects.toThrow("the run was interrupted");
    await forever.stop({ withinMs: 50 });
    expect(isRunning(forever.pid)).toBe(false);
  });
});

describe("reading events", () => {
  const patterns = [
    { match: /^You played (\d) (\d)/, name: "move", label: "$1 $2" },
    { match: /^You/, name: "you", label: "you" },
  ];

  it.each([
    ["You played 2 3", { name: "move", label: "2 3" }],
    ["You won", { name: "you", label: "you" }],
    ["Nothing", null],
  ])("%j tells %j: the first pattern that matches decides", (line, expected) => {
    expect(readEvent(line, patterns)).toEqual(expected);
  });
});
