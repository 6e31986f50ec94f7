// report.html: the page of a run as one file that needs no network. Output of the run is embedded as data and shown as
// text, so it cannot act as markup.
import { readFileSync } from "node:fs";
import { builtFile } from "../own-package.ts";
import type { RunResult } from "../result/result.ts";
import { pageStyle } from "./page-style.ts";
import { toPageData } from "./to-page-data.ts";

/** The page loads nothing beyond its own file. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export function reportPage(result: RunResult): string {
  const data = toPageData(result);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${asText(data.title)}</title>
<style>
${readFileSync(builtFile("uplot.css"), "utf8")}
${pageStyle}
</style>
</head>
<body>
<noscript>This page draws itself with JavaScript. The numbers are in result.json and summary.md beside it.</noscript>
<script type="application/json" id="run">${asScriptData(data)}</script>
<script type="module">
${asScript(readFileSync(builtFile("page.js"), "utf8"))}</script>
</body>
</html>
`;
}

/** JSON that contains no tags. */
function asScriptData(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function asScript(source: string): string {
  return source.replaceAll(/<\/(?=script)/gi, "<\\/");
}

function asText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
