// Builds the page from the data embedded in it.
import { counted } from "../../text/quantities.ts";
import type { PageData, Tile } from "../page-data.ts";
import { apply, isDark, onColourScheme, printInLight, toggleColourScheme } from "./colour-scheme.ts";
import { conversationSection } from "./conversation.ts";
import { element } from "./elements.ts";
import { eventStrip } from "./event-strip.ts";
import { plotFigure } from "./plot-figure.ts";
import { runChart } from "./run-chart.ts";
import { tableSection } from "./tables.ts";
import { Timeline } from "./timeline.ts";
import { listenForKeys, toolbar } from "./toolbar.ts";

const data: PageData = JSON.parse(document.getElementById("run")?.textContent ?? "");
const timeline = new Timeline(data.durationS);
apply();
document.body.append(
  pageHeader(),
  element(
    "main",
    {},
    timelineSection(),
    data.conversation && conversationSection(data.conversation, timeline),
    data.plots.length > 0 && plotsSection(),
    ...data.tables.map(tableSection),
    element("footer", { class: "note" }, data.colophon),
  ),
);
listenForPrinting();

function pageHeader(): HTMLElement {
  const scheme = element("button", { type: "button", class: "scheme" });
  const showScheme = () => {
    scheme.textContent = isDark() ? "☀ Light" : "☾ Dark";
  };
  scheme.addEventListener("click", toggleColourScheme);
  onColourScheme(showScheme);
  showScheme();
  return element(
    "header",
    {},
    element(
      "div",
      { class: "heading" },
      element("h1", {}, data.title),
      element("span", { class: `status ${data.status}` }, data.status),
      scheme,
    ),
    element("p", {}, data.description),
    element("p", { class: "note" }, data.subtitle),
    data.failure &&
      element(
        "div",
        { class: "failure", role: "alert" },
        element("strong", {}, data.failure.message),
        data.failure.lastOutput.length > 0 && element("pre", {}, data.failure.lastOutput.join("\n")),
      ),
    element("dl", { class: "tiles" }, ...data.tiles.map(tile)),
  );
}

function tile({ label, value, detail, tone }: Tile): HTMLElement {
  return element(
    "div",
    { class: `tile ${tone ?? ""}`.trim() },
    element("dt", {}, label),
    element(
      "dd",
      {},
      element("span", { class: "figure" }, value),
      element("span", { class: "note" }, detail),
    ),
  );
}

function timelineSection(): HTMLElement {
  const node = element(
    "section",
    {
      class: "timeline",
      tabindex: 0,
      role: "group",
      "aria-label":
        "The run over time. Arrow keys move the pointer, plus and minus zoom, 0 shows the whole run.",
    },
    element("h2", {}, "The run over time"),
    element(
      "p",
      { class: "note screen-only" },
      "Point at a moment to see the values of all charts. Drag to zoom, double-click for the whole run. Keyboard: arrow keys, +, − and 0.",
    ),
    toolbar(data, timeline),
    data.hiddenEvents > 0 &&
      element(
        "p",
        { class: "note" },
        `${counted(data.events.length, "event", "events")} are marked; ${counted(data.hiddenEvents, "more is", "more are")} in result.json.`,
      ),
    eventStrip(data, timeline),
    ...data.charts.map((chart, index) => runChart(chart, data, timeline, hasTimeAxis(index))),
  );
  listenForKeys(node, timeline);
  return node;
}

function plotsSection(): HTMLElement {
  return element(
    "section",
    {},
    element("h2", {}, "What the scenario measured"),
    ...data.plots.map(plotFigure),
  );
}

/** The low charts of flows share the time axis of the last one. */
function hasTimeAxis(index: number): boolean {
  return !data.charts[index]?.isLow || !data.charts[index + 1]?.isLow;
}

/** Opens all collapsed tables for print. */
function listenForPrinting(): void {
  const closed: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    closed.push(...document.querySelectorAll<HTMLDetailsElement>("details:not([open])"));
    for (const details of closed) details.open = true;
    printInLight(true);
  });
  addEventListener("afterprint", () => {
    for (const details of closed.splice(0)) details.open = false;
    printInLight(false);
  });
}
