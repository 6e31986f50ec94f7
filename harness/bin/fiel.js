#!/usr/bin/env node
// Starts the command line. npm links this file, because in a fresh clone what it starts is not built yet.
import { existsSync } from "node:fs";

const program = new URL("../dist/main.js", import.meta.url);

if (existsSync(program)) await import(program.href);
else {
  console.error("fiel is not built yet. Type: npm run build");
  process.exitCode = 1;
}
