// The compiled programs that scenarios start, and how their options are written.
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const compiled = join(root, "dist");

export const programs = {
  server: join(compiled, "src", "server", "main.js"),
  client: join(compiled, "src", "client", "main.js"),
  bots: join(compiled, "src", "bots", "main.js"),
  load: join(compiled, "proving", "load", "main.js"),
  attackers: join(compiled, "proving", "hostile", "main.js"),
  torture: join(compiled, "proving", "torture", "main.js"),
  storeBench: join(compiled, "proving", "bench", "main.js"),
  autocannon: join(root, "node_modules", "autocannon", "autocannon.js"),
} as const;

/** `{ ramp: 15, hashed: true }` as `--ramp 15 --hashed`; an option that is false is left out. */
export function options(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (typeof value === "boolean") return value ? [`--${name}`] : [];
    return [`--${name}`, `${value}`];
  });
}

/** A program of `baselines/`: it shows what the runtime alone costs. */
export function baseline(name: string): string {
  return join(compiled, "scenarios", "baselines", `${name}.js`);
}
