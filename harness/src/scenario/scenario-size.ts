// How big a run shall be: the scenario's sizes, as it names them, and what the command line makes of them. Pure.
import type { Scenario } from "./scenario.ts";

export interface AskedSize {
  /** Seconds. */
  duration?: number;
  full: boolean;
  /** Each `name=value`. */
  set?: string[];
}

type Size =
  | { ok: true; durationMs: number; settings: Record<string, number> }
  | { ok: false; message: string };

export function sizeOf(
  scenario: Pick<Scenario, "name" | "durationSeconds" | "settings" | "fullSize">,
  { duration, full, set = [] }: AskedSize,
): Size {
  const { name, settings = {}, fullSize } = scenario;
  if (full && !fullSize) return { ok: false, message: `"${name}" has no full size; omit --full.` };
  const chosen = { ...settings, ...(full && fullSize?.settings) };
  for (const text of set) {
    const [, setting = text, value = ""] = /^([^=]*)=(.*)$/.exec(text) ?? [];
    if (!Object.hasOwn(settings, setting)) return { ok: false, message: unknown(name, setting, settings) };
    const number = Number(value);
    if (!(number > 0 && Number.isFinite(number)))
      return { ok: false, message: `--set takes ${setting}=<number above 0>, not "${text}".` };
    chosen[setting] = number;
  }
  const seconds = duration ?? (full ? fullSize?.durationSeconds : undefined) ?? scenario.durationSeconds;
  return { ok: true, durationMs: seconds * 1_000, settings: chosen };
}

function unknown(name: string, setting: string, settings: Record<string, number>): string {
  const known = Object.entries(settings).map(([one, value]) => `${one}=${value}`);
  const rest = known.length > 0 ? `It has: ${known.join(", ")}.` : "It has none.";
  return `"${name}" has no setting "${setting}". ${rest}`;
}
