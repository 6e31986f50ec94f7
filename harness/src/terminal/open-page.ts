// Opens the page of a report in the user's browser, if the command runs in a terminal.
import { basename } from "node:path";
import open from "open";

/** Does nothing in CI or without a terminal. If no browser starts, the path of the page has already been printed. */
export async function openPage(paths: readonly string[]): Promise<void> {
  const page = paths.find((path) => basename(path) === "report.html");
  if (!page || process.env.CI || !process.stdout.isTTY) return;
  const onFailure = () => console.error(`No browser could be started. Open this file in one: ${page}`);
  await open(page).then((opener) => opener.once("error", onFailure), onFailure);
}
