import { createCanvas, loadImage } from "@napi-rs/canvas";
import { expect, test } from "vitest";
import type { RunResult } from "../result/result.ts";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { chartFileNames } from "./chart-file-names.ts";
import { chartFiles } from "./chart-files.ts";
import { frameFor } from "./frame.ts";
import { processChart } from "./process-chart.ts";
import { PAGE, PIXELS_PER_POINT } from "./theme.ts";

const PNG_SIGNATURE = "89504e470d0a1a0a";
const oneProcess = (run: RunResult) => ({ ...run, processes: run.processes.slice(0, 1) });

interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The number of pixels of an area (in page units) that have about this colour. */
async function painted(png: Buffer, area: Area, colour: [number, number, number]): Promise<number> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const scale = PIXELS_PER_POINT;
  const { data } = context.getImageData(
    area.left * scale,
    area.top * scale,
    area.width * scale,
    area.height * scale,
  );
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (colour.every((part, index) => Math.abs(data[at + index]! - part) < 40)) count++;
  }
  return count;
}

test("There is no picture of the network if bytes were not counted", () => {
  const names = chartFiles({ ...sampleRun(), countsBytes: false }).map(({ name }) => name);
  expect(names).toEqual(["server.png", "alan.png", "beto.png"]);
});

test("There is one picture for each process and one for the network", () => {
  const files = chartFiles(sampleRun());
  expect(files.map((file) => file.name)).toEqual(["server.png", "alan.png", "beto.png", "network.png"]);
  for (const { png } of files) {
    expect(png.subarray(0, 8).toString("hex")).toBe(PNG_SIGNATURE);
    expect(png.readUInt32BE(16)).toBe(PAGE.width * PIXELS_PER_POINT);
    expect(png.readUInt32BE(20)).toBe(PAGE.height * PIXELS_PER_POINT);
  }
});

test("The same result gives the same picture, byte for byte", () => {
  const [first, second] = [chartFiles(oneProcess(sampleRun())), chartFiles(oneProcess(sampleRun()))];
  expect(first.map(({ png }) => png.toString("base64"))).toEqual(
    second.map(({ png }) => png.toString("base64")),
  );
});

test("CPU is drawn in red, memory in blue, and the title in ink", async () => {
  const { png } = chartFiles(oneProcess(sampleRun()))[0]!;
  const plot = { left: 90, top: 200, width: 740, height: 260 };
  expect(await painted(png, plot, [209, 31, 42])).toBeGreaterThan(500);
  expect(await painted(png, plot, [31, 95, 191])).toBeGreaterThan(500);
  expect(await painted(png, { left: 24, top: 10, width: 300, height: 30 }, [27, 36, 48])).toBeGreaterThan(
    500,
  );
});

test("A failed run says so in red on every chart, and a passed one does not", async () => {
  const strip = { left: 24, top: 68, width: 400, height: 26 };
  const failure = { message: "expected /listening/ within 5 s", processId: "server", lastOutput: [] };
  const passed = chartFiles(oneProcess(sampleRun()));
  const failed = chartFiles(oneProcess(sampleRun({ status: "failed", failure })));
  for (const { png } of passed) expect(await painted(png, strip, [179, 20, 31])).toBe(0);
  for (const { png } of failed) expect(await painted(png, strip, [179, 20, 31])).toBeGreaterThan(500);
});

test("An outage is shaded on every chart", async () => {
  const { durationMs } = sampleRun();
  const outages = [{ label: "server away", startMs: 0.4 * durationMs, endMs: 0.6 * durationMs }];
  const middle = { left: 440, top: 230, width: 10, height: 180 };
  const [usual, shaded] = [
    chartFiles(oneProcess(sampleRun())),
    chartFiles(oneProcess(sampleRun({ outages }))),
  ];
  for (const [index, { png }] of shaded.entries()) {
    const amber: [number, number, number] = [247, 226, 200];
    const inBand = await painted(png, middle, amber);
    expect(inBand).toBeGreaterThan(1.2 * (await painted(usual[index]!.png, middle, amber)));
  }
});

test("A process that was restarted is drawn with a gap between its lives", () => {
  const server = sampleRun().processes[0]!;
  const samples = server.samples.filter(({ timeMs }) => timeMs < 8_000 || timeMs > 12_100);
  const earlier = { ...server, startedAtMs: 0, endedAtMs: 8_000, exitCode: null, signal: "SIGKILL" };
  const restarted = { ...server, startedAtMs: 12_000, samples, earlierLives: [earlier] };
  const { datasets } = processChart(sampleRun(), restarted).data;
  const ends = datasets.map(({ data }) => data.map((point) => (point as { x: number }).x));
  expect(ends.map((times) => [times[0]! < 8, times.at(-1)! < 8])).toEqual([
    [true, true],
    [false, false],
    [true, true],
    [false, false],
  ]);
});

test.each<[string, Partial<RunResult>]>([
  ["no events", { events: [] }],
  ["no processes", { processes: [] }],
  ["no sockets", { sockets: [], connections: [], flows: [] }],
  ["no phases and no duration", { phases: [], durationMs: 0 }],
  ["a process without a sample", { processes: [{ ...sampleRun().processes[0]!, samples: [] }] }],
])("A run with %s can be drawn", (_, changes) => {
  for (const { png } of chartFiles(oneProcess(sampleRun(changes)))) expect(png.length).toBeGreaterThan(5_000);
});

test("Control characters in labels are drawn as dots", () => {
  const run = sampleRun({ phases: [{ name: "a\0b", startMs: 0, endMs: 20_000 }] });
  const [server] = run.processes;
  const events = run.events.map((event) => ({ ...event, label: `${event.label}\0\x1b[2J` }));
  const files = chartFiles({ ...run, events, processes: [{ ...server!, label: "\0" }] });
  for (const { png } of files) expect(png.length).toBeGreaterThan(5_000);
});

test("A chart with very many events says how many have no label, and draws no lines through the plot", () => {
  const [event] = sampleRun().events;
  const events = Array.from({ length: 4_000 }, (_, index) => ({
    ...event!,
    timeMs: index * 5,
    label: `request ${index}`,
  }));
  const crowded = frameFor(sampleRun({ events }), {
    title: "",
    subtitle: "as usual",
    notes: [],
    isOwnEvent: () => true,
    emptyNote: null,
  });
  expect(crowded.isCrowded).toBe(true);
  expect(crowded.subtitle).toMatch(/^4,000 events, 3,9\d\d of them without a label · as usual$/);
});

test("A chart's file is named after its process, with a unique and valid name", () => {
  expect(chartFileNames(["server", "a b/c", "../x", "network", "Server", "…"])).toEqual([
    "server.png",
    "a-b-c.png",
    "-x.png",
    "network-2.png",
    "Server-2.png",
    "-.png",
  ]);
});
