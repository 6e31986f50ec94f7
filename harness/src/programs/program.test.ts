import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { fakeCaretaker } from "../leftovers/caretaker.fixture.ts";
import type { RunEvent } from "../result/result.ts";
import type { EventPattern, ProgramSpec } from "../scenario/scenario.ts";
import { findFreePort } from "./free-port.ts";
import { isRunning } from "./processes.fixture.ts";
import { type ProgramHost, RunningProgram, readEvent } from "./program.ts";

const startMs = performance.now();
const interruption = new AbortController();
const events: RunEvent[] = [];
const groups = new Set<number>();
const host: ProgramHost = {
  directory: process.cwd(),
  idOf: () => undefined,
  makeControlGroup: () => null,
  nowMs: () => performance.now() - startMs,
  signal: interruption.signal,
  caretaker: fakeCaretaker(groups),
  onStopping: () => {},
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
  const program = await RunningProgram.start(
    { id: name, command: ["node", file(name), ...args], events: patterns },
    {},
    { ...host, ...over },
  );
  started.push(program);
  return program;
}

function file(name: string): string {
  return join(import.meta.dirname, "..", "fixtures", `${name}.fixture.js`);
}

async function run(spec: Omit<ProgramSpec, "id">): Promise<RunningProgram> {
  const program = await RunningProgram.start({ id: "program", ...spec }, {}, host);
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

  it.runIf(process.platform === "linux")("elsewhere is reported with where it does", async () => {
    const port = await findFreePort(2);
    const listener = await start("listener", [`${port}`]);
    await listener.listens(port);
    await expect(listener.listens(port + 1, { withinMs: 50 })).rejects.toMatchObject({
      hints: [`It listens at ${port}`],
    });
  });

  it("fails the step with whose port it is when that is taken", async () => {
    const port = await findFreePort(1);
    const first = await start("listener", [`${port}`]);
    await first.listens(port);
    const second = await start("listener", [`${port}`]);
    await expect(second.listens(port, { withinMs: 5_000 })).rejects.toMatchObject({
      hints: [expect.stringContaining(`Port ${port} is taken by`)],
    });
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

  it.each([
    [["/nonexistent/ghost"], "there is no file /nonexistent/ghost", []],
    [["/bin/slepe"], "there is no file /bin/slepe", ['Did you mean "/bin/sleep"?']],
    [["slepe"], 'there is no program "slepe" on PATH', ['Did you mean "sleep"?']],
    [
      ["sleep 1"],
      'there is no program "sleep 1" on PATH',
      ['Write each word by itself: command: ["sleep", "1"]'],
    ],
    [
      [import.meta.filename],
      `${import.meta.filename} is not executable`,
      [expect.stringContaining("chmod +x")],
    ],
    [["/etc"], "/etc is a folder", []],
  ])("that cannot be started is reported: %j", async (command, why, hints) => {
    const starting = RunningProgram.start({ id: "ghost", command }, {}, host);
    const message = `ghost could not be started: ${why}`;
    await expect(starting).rejects.toMatchObject({ message, processId: "ghost", hints });
  });

  it("that has no such folder to run in is reported", async () => {
    const starting = RunningProgram.start({ id: "lost", command: ["node"], cwd: "/nowhere" }, {}, host);
    await expect(starting).rejects.toThrow("lost could not be started: the folder /nowhere does not exist");
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

  it("runs in the folder that is asked for", async () => {
    const program = await run({ command: ["node", "-p", "process.cwd()"], cwd: "src" });
    expect((await program.sees(/^\/.*/))[0]).toBe(join(process.cwd(), "src"));
  });

  it("asks a question without a line end, which is seen, and reads until its input ends", async () => {
    const program = await run({ command: ["node", file("asker")] });
    await program.sees(/Your name\?/);
    program.type("ana");
    expect((await program.sees(/^Hello (\w+)/))[1]).toBe("ana");
    program.endInput();
    await program.sees(/^Bye$/);
    expect(await program.ended()).toBe(0);
    expect(program.printed.map(({ text }) => text)).toEqual(["Your name? Hello ana", "Bye"]);
  });

  it("that is asked for text in place of a pattern says what to write", async () => {
    const program = await run({ command: ["node", file("forever")] });
    await expect(program.sees("a.b" as unknown as RegExp)).rejects.toMatchObject({
      message: 'sees was given the string "a.b": write a pattern, as /a\\.b/',
      place: { file: import.meta.filename },
    });
    await expect(program.sees(/x/, 50 as unknown as object)).rejects.toThrow("write { withinMs: 5000 }");
  });

  it("that had to be killed is marked", async () => {
    const stubborn = await start("stubborn");
    await stubborn.sees(/^ready/);
    await stubborn.stop({ withinMs: 50 });
    expect(events.at(-1)).toMatchObject({
      name: "signal",
      label: "SIGKILL",
      text: "did not end within 50 ms of SIGTERM, and was killed",
    });
  });
});

describe("a program in a terminal", () => {
  it("has one of 80 columns and 24 rows, and its colours are no part of its lines", async () => {
    const print = "console.log(process.stdout.isTTY, process.stdout.columns, process.stdout.rows)";
    const program = await run({
      command: ["node", "-e", `${print}; setInterval(() => {}, 999)`],
      terminal: true,
    });
    await program.sees(/^true 80 24$/);
    expect(isRunning(program.pid)).toBe(true);
    await program.stop();
    expect(program.measured()).toMatchObject({ exitCode: null, signal: "SIGTERM" });
  });

  it("is typed to as with the Enter key, and its input ended as with Ctrl-D", async () => {
    const program = await run({ command: ["node", file("asker")], terminal: true });
    await program.sees(/Your name\?/);
    program.type("ana");
    await program.sees(/^Hello ana$/);
    program.endInput();
    expect(await program.ended()).toBe(0);
    expect(program.printed.at(-1)?.text).toBe("Bye");
  });

  it("ends with its own exit code, and all that it printed is read", async () => {
    const program = await run({ command: ["sh", "-c", "seq 1 5000; exit 7"], terminal: true });
    await program.sees(/^5000$/);
    expect(await program.ended()).toBe(7);
    expect(program.printed).toHaveLength(5000);
  });

  it("that is not there is reported as any other", async () => {
    const starting = run({ command: ["no-such-program-here"], terminal: true });
    await expect(starting).rejects.toThrow('there is no program "no-such-program-here" on PATH');
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
