// A headless Chromium for the tests of pages; where there is none they are skipped with a line that says so, but fail
// where CI is set.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import type { TestContext } from "vitest";

const PLACES = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

export async function startChromium(): Promise<Browser | null> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (!executablePath) return null;
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

export function needed(browser: Browser | null, context: TestContext): Browser {
  if (browser) return browser;
  const reason = `Chromium is in none of ${PLACES.join(", ")}`;
  if (process.env.CI) throw new Error(reason);
  console.warn(`skipped: ${context.task.name}: ${reason}`);
  return context.skip(reason);
}
