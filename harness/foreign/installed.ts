// Whether a case can be played on this machine.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { postgresPrograms } from "./cases/servers.ts";
import type { ForeignCase } from "./foreign-case.ts";

export function whyNot({
  needs = [],
  needsRoot = false,
}: Pick<ForeignCase, "needs" | "needsRoot">): string | null {
  if (needsRoot && process.getuid?.() !== 0) return "takes root";
  const missing = needs.filter((name) => !isInstalled(name));
  return missing.length > 0 ? `not installed: ${missing.join(", ")}` : null;
}

function isInstalled(name: string): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...folders, ...postgresPrograms()].some((folder) => existsSync(join(folder, name)));
}
