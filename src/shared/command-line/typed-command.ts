// What the user typed to start a program, for usage lines and error texts.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The file that the `velha` command starts; it passes on to the program that its first word names. */
const VELHA = fileURLToPath(new URL("../../main.js", import.meta.url));

/** `velha server`, or `npm run server --` when the program was started by itself. */
export function typedCommand(program: "server" | "client" | "bots", started = process.argv[1]): string {
  return isVelha(started) ? `velha ${program}` : `npm run ${program} --`;
}

/** `node_modules/.bin/velha` is a link to that file. */
function isVelha(started: string | undefined): boolean {
  try {
    return started !== undefined && realpathSync(started) === realpathSync(VELHA);
  } catch {
    return false;
  }
}
