// Opens a report's page in the reader's browser, where there is a reader.
import { basename } from "node:path";
import open from "open";

/** Never in CI nor without a terminal; where nothing can open the page, its path was printed anyway. */
export async function openPage(paths: readonly string[]): Promise<void> {
  const page = paths.find((path) => basename(path) === "report.html");
  if (!page || process.env.CI || !process.stdout.isTTY) return;
  const onTrouble = () => console.error(`No browser can be started: open ${page} in one`);
  await open(page).then((opener) => opener.once("error", onTrouble), onTrouble);
}
