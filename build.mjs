// Bundles what the server's live page runs in the browser; tsc compiles everything else of the game.
import { join } from "node:path";
import { build } from "esbuild";

const page = join("src", "server", "http", "page");

await build({
  entryPoints: { live: join(import.meta.dirname, page, "browser", "live.ts") },
  bundle: true,
  format: "esm",
  target: "es2022",
  outdir: join(import.meta.dirname, "dist", page),
  logLevel: "warning",
});
