// What packaging/ hands to an operator fits the server of this repository.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readCommandLine } from "../src/server/command-line.ts";
import { noEvents } from "../src/server/event-totals.ts";
import { Metrics } from "../src/server/http/metrics.ts";

const path = (name: string) => fileURLToPath(new URL(`../packaging/${name}`, import.meta.url));
const read = (name: string) => readFileSync(path(name), "utf8");

const unit = read("velha.service");

test("the unit and the container start the server with options that it has", () => {
  const [, words = ""] = /^ExecStart=\S+ server (.*)$/m.exec(unit) ?? [];
  const served = readCommandLine(words.split(" "));
  expect(served).toMatchObject({
    kind: "serve",
    server: { port: 3000, dataDirectory: "/var/lib/velha", logKeepDays: 30 },
  });
  const [, list = "[]"] = /^CMD (\[.*\])$/m.exec(read("Containerfile")) ?? [];
  const [program, ...options] = JSON.parse(list) as string[];
  expect(program).toBe("server");
  expect(readCommandLine(options)).toEqual(served);
});

test("the unit is hardened", () => {
  for (const setting of [
    "CapabilityBoundingSet=",
    "NoNewPrivileges=true",
    "ProtectSystem=strict",
    "StateDirectoryMode=0700",
    "UMask=0077",
  ])
    expect(unit.split("\n")).toContain(setting);
  const analysed = spawnSync("systemd-analyze", [
    "security",
    "--offline=true",
    "--threshold=15",
    path("velha.service"),
  ]);
  // Where there is no systemd, the lines above have to do.
  if (!analysed.error) expect(String(analysed.stdout)).toMatch(/exposure level .*: 1\.\d OK/);
});

test("alert rules and dashboard ask for metrics that the server has", async () => {
  const log = { totals: noEvents() };
  const metrics = new Metrics({ log, controls: [], results: { openMatches: () => [] } });
  const text = await metrics.text();
  const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const dashboard = JSON.parse(read("grafana-dashboard.json")) as {
    panels: { targets: { expr: string }[] }[];
  };
  const asked = [
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...[...read("alerts.yml").matchAll(/expr: (.*)/g)].map(([, expr = ""]) => expr),
  ].flatMap((expr) => expr.match(/\b(velha|process)_\w+/g) ?? []);
  expect(asked.length).toBeGreaterThan(15);
  expect(asked.map((name) => name.replace(/_bucket$/, "")).filter((name) => !known.has(name))).toEqual([]);
});
