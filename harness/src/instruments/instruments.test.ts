import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { examine } from "./doctor.ts";
import { Instruments } from "./instruments.ts";

let report: string;

beforeEach(async () => {
  report = await mkdtemp(join(tmpdir(), "instruments-"));
});

afterEach(async () => {
  await rm(report, { recursive: true });
});

it("A Node program gets the flags of the profilers, and its profiles are named after it", async () => {
  const instruments = await Instruments.prepare({ cpuProf: true, heapProf: false }, report);
  const spec = { id: "my server", command: ["ip", "netns", "exec", "far", "node", "main.js", "80"] };
  expect(instruments.equip(spec).command).toEqual([
    "ip",
    "netns",
    "exec",
    "far",
    "node",
    "--cpu-prof",
    `--cpu-prof-dir=${join(report, "profiles")}`,
    "--cpu-prof-name=my-server.cpuprofile",
    "main.js",
    "80",
  ]);
  expect(instruments.equip(spec).command).toContain("--cpu-prof-name=my-server-2.cpuprofile");
});

it("A Node program in an isolated network, started by its path, gets the flags too", async () => {
  const instruments = await Instruments.prepare({ cpuProf: true, heapProf: false }, report);
  const spec = { id: "far", command: ["ip", "netns", "exec", "far", process.execPath, "main.js"] };
  expect(instruments.equip(spec).command.slice(4, 6)).toEqual([process.execPath, "--cpu-prof"]);
});

it("Other programs stay unchanged, as does every program without instruments", async () => {
  const all = await Instruments.prepare({ cpuProf: true, heapProf: true, doctor: "redis" }, report);
  const redis = { id: "redis", command: ["redis-server"] };
  expect(all.equip(redis)).toBe(redis);
  const echo = { id: "redis", command: ["echo", "what", "node", "is"] };
  expect(all.equip(echo)).toBe(echo);
  const none = await Instruments.prepare({ cpuProf: false, heapProf: false }, report);
  const server = { id: "server", command: ["node", "main.js"] };
  expect(none.equip(server)).toBe(server);
});

it("The doctor examines one program only, and keeps the scenario's environment variables", async () => {
  const instruments = await Instruments.prepare(
    { cpuProf: false, heapProf: false, doctor: "server" },
    report,
  );
  const server = instruments.equip({ id: "server", command: ["node", "a.js"], environment: { A: "1" } });
  expect(server.command).toContain("--trace-events-enabled");
  expect(server.environment).toMatchObject({ A: "1", NODE_CLINIC_DOCTOR_DATA_PATH: join(report, "doctor") });
  const client = { id: "client", command: ["node", "b.js"] };
  expect(instruments.equip(client)).toBe(client);
});

it("Only the files of an earlier run's instruments are removed", async () => {
  await Instruments.prepare({ cpuProf: true, heapProf: false }, report);
  await writeFile(join(report, "profiles", "old.cpuprofile"), "");
  await writeFile(join(report, "profiles", "notes.txt"), "");
  await Instruments.prepare({ cpuProf: true, heapProf: false }, report);
  expect(await readdir(join(report, "profiles"))).toEqual(["notes.txt"]);
});

it("The doctor reports that a program left no data", async () => {
  expect(await examine("redis", report)).toEqual({
    ok: false,
    message: "redis left no data for the doctor: it must run on Node and exit on its own",
  });
});
