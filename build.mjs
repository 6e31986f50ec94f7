// Bundles what the server's live page runs in the browser; tsc compiles everything else of the game.
import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

const page = join("src", "server", "http", "page");

await build({
  entryPoints: { live: join(import.meta.dirname, page, "browser", "live.ts") },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir: join(import.meta.dirname, "dist", page),
  logLevel: "warning",
});
const { resolve } = createRequire(import.meta.url);
cpSync(join(resolve("uplot"), "..", "uPlot.min.css"), join(import.meta.dirname, "dist", page, "uplot.css"));
