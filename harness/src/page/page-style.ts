// The style of report.html: light, dark and on paper. The light scheme has the colours of the PNG charts.
import { colour } from "../charts/theme.ts";
import { lookAsCss, sequenceLook } from "../sequence/sequence-look.ts";

const inScheme = sequenceLook({
  ink: "var(--ink)",
  muted: "var(--muted)",
  axis: "var(--line)",
  box: "var(--phase-name)",
  boxEdge: "var(--line)",
  phase: ["var(--card)", "var(--phase)"],
  outage: "var(--outage)",
  outageName: "var(--outage-name)",
});

const light = `
  color-scheme: light;
  --page: #f5f7fa; --card: ${colour.page}; --ink: ${colour.ink}; --muted: ${colour.muted}; --line: ${colour.axis};
  --grid: ${colour.grid}; --phase: #f1f4f9; --phase-name: #e3e9f2; --phase-name-odd: #d3dce9;
  --event-line: rgba(27, 36, 48, 0.13); --outage: ${colour.outage}; --outage-name: ${colour.outageName};
  --good: #0b7a4b; --good-fill: #e2f5ec; --bad: ${colour.failure}; --bad-fill: ${colour.failureFill};
  --accent: ${colour.memory};`;

const dark = `
  color-scheme: dark;
  --page: #0e1319; --card: #161d26; --ink: #e8edf3; --muted: #9aa7b6; --line: #3a4654;
  --grid: #26303c; --phase: #1b2430; --phase-name: #222d3a; --phase-name-odd: #2f3d4e;
  --event-line: rgba(232, 237, 243, 0.16); --outage: rgba(240, 150, 30, 0.26); --outage-name: #f5b971;
  --good: #57d39b; --good-fill: #10352a; --bad: #ff8a8f; --bad-fill: #41191d;
  --accent: #7cb2ff;`;

export const pageStyle = `
:root {${light}
}
:root[data-scheme="dark"] {${dark}
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
header, main { max-width: 1180px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; }
main { padding-bottom: 48px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 0 0 4px; }
p { margin: 6px 0; }
.note { color: var(--muted); font-size: 13px; }
.heading { display: flex; align-items: center; gap: 14px; flex-wrap: wrap; }
.status { padding: 2px 12px; border-radius: 99px; font-weight: 600; font-size: 14px; }
.status.passed { background: var(--good-fill); color: var(--good); }
.status.failed, .status.interrupted { background: var(--bad-fill); color: var(--bad); }
button {
  font: inherit; font-size: 14px; color: var(--ink); background: var(--card); border: 1px solid var(--line);
  border-radius: 7px; padding: 4px 11px; cursor: pointer; min-height: 32px;
}
button:hover { border-color: var(--accent); }
button:disabled { opacity: 0.45; cursor: default; border-color: var(--line); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scheme { margin-left: auto; }
.failure { background: var(--bad-fill); border-left: 4px solid var(--bad); border-radius: 6px; padding: 12px 16px; margin: 14px 0; }
.failure strong { color: var(--bad); overflow-wrap: anywhere; }
pre { margin: 10px 0 0; font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 18px 0 0; }
.tile, section { background: var(--card); border: 1px solid var(--grid); border-radius: 12px; }
.tile { padding: 12px 16px; }
.tile dt { color: var(--muted); font-size: 13px; }
.tile dd { margin: 0; display: flex; flex-direction: column; }
.figure { font-size: 23px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.tile.good .figure { color: var(--good); }
.tile.bad .figure { color: var(--bad); }
section { margin-top: 18px; padding: 18px 20px; min-width: 0; }
.toolbar {
  position: sticky; top: 0; z-index: 200; display: flex; align-items: center; gap: 10px; flex-wrap: wrap;
  background: var(--card); padding: 8px 0; border-bottom: 1px solid var(--grid); margin-bottom: 8px;
}
.readout { font-weight: 600; font-variant-numeric: tabular-nums; flex: 1 1 180px; min-height: 22px; }
.buttons { display: flex; gap: 5px; }
.strip { overflow: hidden; }
.strip svg { display: block; overflow: visible; }
.strip text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.strip .elbow { fill: none; stroke: var(--line); }
.strip .phase rect { fill: var(--phase-name); }
.strip .phase.odd rect { fill: var(--phase-name-odd); }
.strip .phase text { fill: var(--muted); font-weight: 600; }
.strip .outage rect { fill: var(--outage); }
.strip .outage text { fill: var(--outage-name); font-weight: 600; }
.chart { margin: 10px 0 0; }
.chart.low { margin: 0; }
figcaption { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 10px; padding-left: 4px; }
figcaption .name { font-weight: 650; }
.low .name { font-size: 13px; }
.chips { display: flex; flex-wrap: wrap; gap: 4px 6px; margin-left: auto; }
.chip { display: inline-flex; align-items: center; gap: 6px; font-size: 13px; border: 0; background: none; padding: 1px 6px; min-height: 24px; border-radius: 6px; }
button.chip:hover { background: var(--phase); }
.chip[aria-pressed="false"] { opacity: 0.45; text-decoration: line-through; }
.chip .value { font-variant-numeric: tabular-nums; color: var(--muted); min-width: 66px; text-align: right; }
.swatch { width: 10px; height: 10px; border-radius: 3px; flex: none; }
.drawn-plot { width: 100%; overflow: auto hidden; }
.drawn-plot .u-label { color: var(--muted); }
a { color: var(--accent); }
.plot { width: 100%; overflow: hidden; }
.uplot, .u-wrap { font-family: inherit; }
.u-select { background: color-mix(in srgb, var(--accent) 18%, transparent); }
.u-hz .u-cursor-x { border-right: 1px solid var(--muted); }
.filters { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; margin-top: 6px; }
.filters .value { min-width: 0; }
.filters > button:not(.chip) { margin-left: auto; }
.sequence { overflow: auto; max-height: min(84vh, 900px); border: 1px solid var(--grid); border-radius: 8px; }
.sequence svg { display: block; margin: 0 auto; }
.sequence .head { position: sticky; top: 0; background: var(--card); z-index: 1; }
.sequence .message { cursor: default; }
.sequence .is-pointed .hit { fill: color-mix(in srgb, var(--accent) 16%, transparent); }
.message-text {
  position: fixed; z-index: 300; max-width: min(620px, calc(100vw - 16px)); padding: 8px 12px; pointer-events: none;
  background: var(--card); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 4px 18px rgba(0, 0, 0, 0.18);
  white-space: pre-wrap; overflow-wrap: anywhere; font: 12.5px/1.5 ui-monospace, Menlo, Consolas, monospace;
}
${lookAsCss(inScheme, ".sequence")}
.scroll { overflow-x: auto; margin-top: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--grid); vertical-align: top; }
th { color: var(--muted); font-weight: 600; font-size: 13px; white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.good { color: var(--good); white-space: nowrap; }
td.bad { color: var(--bad); font-weight: 600; white-space: nowrap; }
td.muted { color: var(--muted); overflow-wrap: anywhere; min-width: 15em; }
td, th { min-width: 4.5em; }
td:last-child, th:last-child { padding-right: 0; }
summary { cursor: pointer; }
summary h2 { display: inline; margin-right: 10px; }
footer { margin-top: 18px; text-align: center; }
@media (max-width: 560px) {
  header, main { padding-left: 10px; padding-right: 10px; }
  header { padding-top: 16px; }
  section { padding: 12px 10px; border-radius: 10px; }
  h1 { font-size: 22px; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 8px; }
  .figure { font-size: 19px; }
  .chips { margin-left: 0; }
  .buttons button { min-width: 38px; min-height: 38px; }
}
@page { margin: 12mm; }
/* Set before printing begins, so that the charts can be drawn as wide as A4 between its margins. */
.paper header, .paper main { width: 700px; padding: 0; }
.paper section { padding: 0; border: 0; }
@media print {
  body { background: none; font-size: 11px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  header, main { max-width: none; padding: 0; margin: 0; }
  section, .tile { border: 0; padding: 0; break-inside: auto; }
  .tiles { grid-template-columns: repeat(5, 1fr); gap: 8px; }
  .figure { font-size: 16px; }
  h2 { break-after: avoid; font-size: 15px; }
  .chart, tr, .strip { break-inside: avoid; }
  .toolbar, .scheme, .screen-only { display: none; }
  .conversation { break-before: page; }
  .scroll, .sequence { overflow: visible; max-height: none; border: 0; }
  .sequence .head { position: static; }
  .sheet { break-inside: avoid; }
  td, th { padding: 3px 8px 3px 0; font-size: 9.5px; min-width: 0; }
  td.muted { min-width: 0; }
}
`;
