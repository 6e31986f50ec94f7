// The page in a real browser, opened from a file.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Canvas } from "@napi-rs/canvas";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, type TestContext, test } from "vitest";
import { makeTemporaryFolder } from "../leftovers/temporary-folder.ts";
import type { RunResult } from "../result/result.ts";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { conversationRun, type Line } from "../sequence/conversation-run.fixture.ts";
import { sequenceSvg } from "../sequence/sequence-svg.ts";
import { needed, startChromium } from "./chromium.fixture.ts";
import { reportPage } from "./report-page.ts";

const HOSTILE = `</script><img src=x onerror="document.title='taken'"><b id="bold">`;

let browser: Browser | null;
let directory: string;
beforeAll(async () => {
  browser = await startChromium();
  directory = await makeTemporaryFolder("page");
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await rm(directory, { recursive: true });
});

interface Reader {
  page: Page;
  errors: string[];
  requests: string[];
}

async function read(
  context: TestContext,
  result: RunResult,
  { width = 1200, colorScheme = "light" as "light" | "dark", isKept = false } = {},
): Promise<Reader> {
  const file = join(directory, "report.html");
  await writeFile(file, reportPage(result));
  const page = await needed(browser, context).newPage({ viewport: { width, height: 900 }, colorScheme });
  if (!isKept) onTestFinished(() => page.close());
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => errors.push(message.text()));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.locator("footer").waitFor();
  return { page, errors, requests };
}

let opened: Reader | undefined;

/** The full run, opened once for the tests that restore the state of the page. */
async function readFullRun(context: TestContext): Promise<Reader> {
  opened ??= await read(context, fullRun(), { isKept: true });
  return opened;
}

async function pointAt(plot: Locator, share: number): Promise<{ x: number; y: number }> {
  await plot.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await plot.boundingBox())!;
  return { x: x + width * share, y: y + height / 2 };
}

test("the page draws every chart from its one file without errors", async (context) => {
  const { page, errors, requests } = await readFullRun(context);
  expect(await page.locator("h1").textContent()).toBe("Match");
  const titles = await page.locator(".timeline figcaption .name").allTextContents();
  const tall = ["CPU", "Memory", "Event-loop delay", "round trip", "Bytes on the wire"];
  expect(titles).toEqual([...tall, "Control", "TLS", "Heartbeat", "Moves", "Delay"]);
  expect(await page.locator(".timeline .plot canvas").count()).toBe(titles.length);
  expect(await page.locator(".strip .outage text").allTextContents()).toEqual(["server away"]);
  expect(await page.locator(".strip .event").count()).toBeGreaterThan(10);
  expect(errors).toEqual([]);
  expect(requests).toHaveLength(1);
});

test("the page shows the scenario's figures, the doctor's diagnosis and the profiles", async (context) => {
  const { page } = await readFullRun(context);
  const section = (title: string) => page.locator("section", { has: page.locator("h2", { hasText: title }) });
  expect(await section("Figures").locator("tbody").innerText()).toBe("answer p99\t4 ms\t3 – 5 ms\t3");
  const plots = section("What the scenario measured").locator(".drawn-plot");
  const inWords = (index: number) => plots.nth(index).getByRole("img").getAttribute("aria-label");
  expect(await inWords(0)).toBe("memory of a client, kB. resident bare: 4 (3 to 5), ours: 5. wanted: 6");
  expect(await inWords(1)).toBe("rate, requests/s. ours 1: 10, 10: 90, 100: 400");
  for (const index of [0, 1]) expect(await inkOf(plots.nth(index))).toBeGreaterThan(200);
  expect(await section("Diagnosis").locator("tbody").innerText()).toContain("io: it waited");
  const links = await page
    .locator("td a")
    .evaluateAll((found) => found.map((link) => link.getAttribute("href")));
  expect(links).toEqual(["doctor.html", "profiles/server.cpuprofile"]);
});

test("output of a program is text, even if it looks like markup", async (context) => {
  const run = fullRun();
  const events = [{ timeMs: 5, processId: HOSTILE, name: "x", label: HOSTILE, text: HOSTILE }];
  const failure = { message: HOSTILE, processId: "server", lastOutput: [HOSTILE] };
  const scenario = { ...run.scenario, title: HOSTILE };
  const { connections } = conversationRun({ control: [["dialer", 5, 1, HOSTILE]] });
  const hostile: RunResult = { ...run, scenario, events, failure, connections, status: "failed" };
  const { page } = await read(context, hostile);
  expect(await page.title()).toBe(HOSTILE);
  expect(await page.locator("h1").textContent()).toBe(HOSTILE);
  expect(await page.locator(".failure pre").textContent()).toBe(HOSTILE);
  expect(await page.locator("#bold, img").count()).toBe(0);
});

test("a series below zero is drawn on an axis that includes it", async (context) => {
  const points = [-3.5, -18.5, -4].map((value, index) => ({ timeMs: 1_000 * (index + 1), value }));
  const series = [{ name: "offset", label: "Clock offset", unit: "ms", processId: "alan", points }];
  const { page, errors } = await read(context, sampleRun({ series }));
  expect(await page.locator("#chart-series-offset .value").innerText()).toBe("min -18.5, max -3.5 ms");
  expect(await inkOf(page.locator("#chart-series-offset"))).toBeGreaterThan(100);
  expect(errors).toEqual([]);
});

test("of very many events the page marks some, rare ones first, and says how many more exist", async (context) => {
  const [event] = sampleRun().events;
  const requests = Array.from({ length: 4_000 }, (_, index) => ({
    ...event!,
    timeMs: index * 5,
    name: "request",
    label: `request ${index}`,
  }));
  const { page } = await read(context, sampleRun({ events: [...sampleRun().events, ...requests] }));
  await expect
    .poll(() => page.locator(".timeline").innerText())
    .toMatch(/500 events are marked; 3,5\d\d more are in result\.json\./);
});

/** The number of coloured pixels of a chart; grid and text are grey. */
function inkOf(chart: Locator): Promise<number> {
  return chart.locator("canvas").evaluate((node) => {
    const canvas = node as unknown as Canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4)
      if (data[at + 3]! > 200 && Math.abs(data[at]! - data[at + 2]!) > 90) count++;
    return count;
  });
}

test("pointing at one chart shows the values of all charts at that moment", async (context) => {
  const { page } = await readFullRun(context);
  const plot = page.locator("#chart-cpu .u-over");
  const { x, y } = await pointAt(plot, 0.5);
  await page.mouse.move(x, y);
  expect(await page.locator(".readout").textContent()).toMatch(/^10\.0\d s · match/);
  expect(await page.locator("#chart-memory .value").first().textContent()).toMatch(/^\d+\.\d MB$/);
  expect(await page.locator("#chart-network .value").first().textContent()).toMatch(/^\d+ B$|^–$/);
  await page.mouse.move(1, 1);
  expect(await page.locator("#chart-memory .value").first().textContent()).toMatch(/^max /);
});

test("dragging over one chart zooms all, and a double click shows the whole run again", async (context) => {
  const { page } = await readFullRun(context);
  const plot = page.locator("#chart-memory .u-over");
  const from = await pointAt(plot, 0.25);
  const to = await pointAt(plot, 0.5);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 3 });
  await page.mouse.up();
  await page.mouse.move(1, 1);
  expect(await page.locator(".readout").textContent()).toMatch(/^(4\.9|5\.0)\d s – (9\.9|10\.0)\d s$/);
  expect(await page.locator(".strip .event").count()).toBeLessThan(8);
  await plot.dblclick();
  await page.mouse.move(1, 1);
  expect(await page.locator(".readout").textContent()).toBe("0.00 s – 20.00 s");
});

test("the keyboard moves the pointer, zooms, and hides a line", async (context) => {
  const { page } = await readFullRun(context);
  await page.locator(".timeline").focus();
  await page.keyboard.press("ArrowRight");
  expect(await page.locator(".readout").textContent()).toMatch(/^10\.20 s/);
  await page.keyboard.press("+");
  await page.keyboard.press("Escape");
  expect(await page.locator(".readout").textContent()).toBe("5.10 s – 15.10 s");
  await page.keyboard.press("0");
  expect(await page.locator(".readout").textContent()).toBe("0.00 s – 20.00 s");
  const chip = page.locator("#chart-cpu button.chip").first();
  await chip.focus();
  await page.keyboard.press("Enter");
  expect(await chip.getAttribute("aria-pressed")).toBe("false");
  await page.keyboard.press("Enter");
  expect(await chip.getAttribute("aria-pressed")).toBe("true");
});

test("the conversation can be filtered by flow, unfolded, and limited to the visible time", async (context) => {
  const { page } = await readFullRun(context);
  const count = page.locator(".conversation [role=status]");
  const folded = page.locator(".conversation .message", { hasText: "6 × ping/pong" });
  expect(await count.textContent()).toBe("18 messages");
  expect(await folded.count()).toBe(1);
  await page.locator(".filters button", { hasText: "folded" }).click();
  expect(await page.locator(".conversation .message").count()).toBe(18);
  await page.locator(".filters button", { hasText: "Every" }).click();
  await page.locator(".filters .chip", { hasText: "Delay" }).click();
  expect([await count.textContent(), await folded.count()]).toEqual(["6 of 18 messages", 0]);
  await page.locator(".filters .chip", { hasText: "Delay" }).click();
  await page.locator(".timeline").focus();
  await page.keyboard.press("+");
  expect(await count.textContent()).toBe("13 of 18 messages · from 5.00 s to 15.00 s");
  await page.keyboard.press("0");
});

test("pointing at a message, or selecting it with keys, shows it in full and its moment on the charts", async (context) => {
  const { page } = await readFullRun(context);
  const details = page.locator(".message-text");
  await page.locator(".message", { hasText: "beginACK" }).hover();
  expect(await details.innerText()).toBe(
    "3.4100 s  server → alan, Control\n14 bytes, arrived after 25.00 ms\nbeginACK;beto",
  );
  expect(await page.locator(".readout").textContent()).toMatch(/^3\.41 s · invite/);
  await page.locator(".sequence").focus();
  await page.keyboard.press("ArrowUp");
  expect(await details.innerText()).toContain("begin;beto");
  await page.keyboard.press("Escape");
  expect(await details.isVisible()).toBe(false);
  await page.mouse.move(1, 1);
});

test("the conversation as SVG is well-formed, and text in it is text", async (context) => {
  const { page } = await readFullRun(context);
  const hostile = [["dialer", 100, 1, `${HOSTILE}\u0001&amp;`] satisfies Line];
  const svg = sequenceSvg(conversationRun({ control: hostile }))!;
  const read = `new DOMParser().parseFromString(${JSON.stringify(svg)}, "image/svg+xml")`;
  const found = await page.evaluate(
    `(() => { const read = ${read}; return [...read.querySelectorAll("parsererror, img, title")].map((node) => node.textContent); })()`,
  );
  expect(found).toHaveLength(5);
  expect(found).toContainEqual(expect.stringContaining(`${HOSTILE}·&amp;`));
});

test("a phone shows the page without sideways scrolling, and the scheme follows the system until the reader chooses", async (context) => {
  const { page } = await read(context, fullRun(), { width: 360, colorScheme: "dark" });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  const root = page.locator("html");
  expect(await root.getAttribute("data-scheme")).toBe("dark");
  await page.locator(".scheme").click();
  expect(await root.getAttribute("data-scheme")).toBe("light");
});

test("on paper the page is light, as wide as the sheet, and fully expanded", async (context) => {
  const { page } = await read(context, fullRun(), { colorScheme: "dark" });
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  expect(await page.locator("html").getAttribute("data-scheme")).toBe("light");
  expect(await page.locator("details:not([open])").count()).toBe(0);
  await expect.poll(() => page.locator("#chart-cpu canvas").evaluate((node) => node.clientWidth)).toBe(700);
  await page.evaluate("dispatchEvent(new Event('afterprint'))");
  expect(await page.locator("html").getAttribute("data-scheme")).toBe("dark");
  expect(await page.locator("details[open]").count()).toBe(0);
});

test("a long run of many processes and connections stays below a megabyte", () => {
  const run = fullRun();
  const ten = Array.from({ length: 10 }, (_, index) => index);
  const samples = Array.from({ length: 36_000 }, (_, index) => ({
    timeMs: index * 100,
    cpuPercent: (index * 7.123_456) % 100,
    rssBytes: 61_234_567 + index * 1_017,
    processCount: 1,
  }));
  const loopDelays = samples.map(({ timeMs }) => ({ timeMs, meanMs: 0.123, maxMs: (timeMs % 997) / 31 }));
  const processes = ten.map((index) => ({ ...run.processes[0]!, id: `p${index}`, samples, loopDelays }));
  const many = <One>(ones: One[], times: number) => Array.from({ length: times }, () => ones).flat();
  const lines = Array.from({ length: 1_000 }, (_, index): Line => {
    return ["dialer", index * 3_600, 0.123, "x".repeat(300)];
  });
  const { connections } = conversationRun(Object.fromEntries(run.flows.map(({ name }) => [name, lines])));
  const page = reportPage({
    ...run,
    durationMs: 3_600_000,
    processes,
    connections: [...connections, ...many(sampleRun().connections, 499)],
    events: many(run.events, 500).map((event) => ({ ...event, text: "x".repeat(1_000) })),
  });
  expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
});

/** The sample run with everything that the page can show. */
function fullRun(): RunResult {
  const run = conversationRun();
  const points = [6_000, 9_000, 12_000].map((timeMs, index) => ({ timeMs, value: 1.5 + index }));
  const loopDelays = Array.from({ length: 100 }, (_, index) => ({
    timeMs: index * 200,
    meanMs: 0.2,
    maxMs: 3,
  }));
  return {
    ...run,
    processes: run.processes.map((measured) => ({ ...measured, loopDelays })),
    series: [{ name: "delay", label: "round trip", unit: "ms", processId: "alan", points }],
    outages: [{ label: "server away", startMs: 8_000, endMs: 11_000 }],
    figures: [{ name: "answer p99", unit: "ms", values: [4, 3, 5] }],
    plots: [
      {
        name: "memory",
        title: "memory of a client",
        x: { title: "", categories: ["bare", "ours"] },
        y: { title: "kB" },
        limits: [{ label: "wanted", y: 6 }],
        series: [
          {
            label: "resident",
            points: [
              { x: 0, y: 4, low: 3, high: 5 },
              { x: 1, y: 5 },
            ],
          },
        ],
      },
      {
        name: "rate",
        title: "rate",
        x: { title: "connections", isLogarithmic: true },
        y: { title: "requests/s", isLogarithmic: true },
        series: [{ label: "ours", points: [10, 90, 400].map((y, power) => ({ x: 10 ** power, y })) }],
      },
    ],
    diagnosis: { processId: "server", category: "io", text: "it waited", issues: { delay: "performance" } },
    profiles: ["profiles/server.cpuprofile"],
  };
}
