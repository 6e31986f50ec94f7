// A headless Chromium for the tests of pages. Without Chromium these tests are skipped with a line that says so, but fail
// in CI.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import type { TestContext } from "vitest";

const PATHS = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

export async function startChromium(): Promise<Browser | null> {
  const executablePath = PATHS.find((path) => existsSync(path));
  if (!executablePath) return null;
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

export function needed(browser: Browser | null, context: TestContext): Browser {
  if (browser) return browser;
  const reason = `Chromium is in none of ${PATHS.join(", ")}`;
  if (process.env.CI) throw new Error(reason);
  console.warn(`skipped: ${context.task.name}: ${reason}`);
  return context.skip(reason);
}
