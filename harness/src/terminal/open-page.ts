// Opens a report's page in the reader's browser, where there is a reader.
import { spawn } from "node:child_process";
import { basename } from "node:path";

const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: "open", linux: "xdg-open" };

/** Never in CI and never without a terminal; where nothing can open it, the path was printed anyway. */
export function openPage(paths: readonly string[]): void {
  const page = paths.find((path) => basename(path) === "report.html");
  const opener = OPENERS[process.platform];
  if (!page || !opener || process.env.CI || !process.stdout.isTTY) return;
  spawn(opener, [page], { detached: true, stdio: "ignore" })
    .on("error", () => console.error(`${opener} is not there: open ${page} in a browser`))
    .unref();
}
