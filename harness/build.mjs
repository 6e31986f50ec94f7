// Bundles the tool into dist/: its command line, what scenarios import, what it loads into other programs and what it
// starts beside itself. Types come from tsc. Pure JavaScript packages go into the bundle, so that an installation needs
// neither an override nor a script; native ones and those whose types are public stay dependencies.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);
const source = join(import.meta.dirname, "src");
const output = join(import.meta.dirname, "dist");

const node = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  outdir: output,
  logLevel: "warning",
  sourcemap: false,
};

/**
 * chartjs-node-canvas loads `canvas` and Chart.js by name through a helper that evades bundlers. What it means here is
 * the prebuilt canvas, and the Chart.js of this bundle.
 */
const prebuiltCanvas = {
  name: "prebuilt-canvas",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /freshRequire(\.js)?$/ }, () => ({
      path: "fresh-require",
      namespace: "prebuilt-canvas",
    }));
    onLoad({ filter: /.*/, namespace: "prebuilt-canvas" }, () => ({
      contents: `
        const modules = { canvas: () => require("@napi-rs/canvas"), "chart.js": () => require("chart.js"), "chart.js/auto": () => require("chart.js/auto") };
        exports.freshRequire = (name) => modules[name]();
      `,
      resolveDir: source,
    }));
  },
};

const REQUIRE_IN_ESM =
  'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);';

const started = performance.now();
const old = existsSync(output) ? readdirSync(output).filter((name) => /\.c?js$/.test(name)) : [];
for (const name of ["chunks", "fonts", ...old]) rmSync(join(output, name), { recursive: true, force: true });
await Promise.all([
  build({
    ...node,
    entryPoints: {
      main: join(source, "main.ts"),
      index: join(source, "index.ts"),
      calibrator: join(source, "calibration", "calibrator.ts"),
      "echo-client": join(source, "calibration", "echo-client.ts"),
      "caretaker-process": join(source, "leftovers", "caretaker-process.ts"),
      "fault-proxy-process": join(source, "fault-proxy", "fault-proxy-process.ts"),
    },
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    external: ["@napi-rs/canvas", "@lydell/node-pty", "@clinic/doctor", "jiti", "zod"],
    banner: { js: REQUIRE_IN_ESM },
    plugins: [prebuiltCanvas],
  }),
  // Loaded into measured programs: one file each, without anything of the tool's own beside.
  build({ ...node, entryPoints: { "settled-memory": join(source, "instruments", "settled-memory.ts") } }),
  // With `--require`, into any Node since 16; afterwards no module of the program's is listed that is not its own.
  build({
    ...node,
    entryPoints: { probe: join(source, "probe", "probe.ts") },
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    target: "node16",
    footer: { js: "delete require.cache[__filename];" },
  }),
  build({
    entryPoints: { page: join(source, "page", "browser", "main.ts") },
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    outdir: output,
    logLevel: "warning",
  }),
]);
chmodSync(join(output, "main.js"), 0o755);
mkdirSync(join(output, "fonts"), { recursive: true });
for (const [weight, file] of [
  ["400Regular", "Inter_400Regular.ttf"],
  ["600SemiBold", "Inter_600SemiBold.ttf"],
])
  cpSync(require.resolve(`@expo-google-fonts/inter/${weight}/${file}`), join(output, "fonts", file));
cpSync(join(require.resolve("uplot"), "..", "uPlot.min.css"), join(output, "uplot.css"));
if (process.argv.includes("--verbose"))
  console.log(`bundled in ${(performance.now() - started).toFixed(0)} ms`);
