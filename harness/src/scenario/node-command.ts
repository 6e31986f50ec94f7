// Finds the word of a command that starts Node, so that options can be added behind it. "node" in the arguments of
// another program is an argument.
import { basename } from "node:path";

/** Programs that start the program in their arguments. */
const WRAPPERS = new Set(
  "chrt env ionice ip nice nohup nsenter numactl prlimit setarch setpriv setsid stdbuf sudo taskset time timeout unshare".split(
    " ",
  ),
);

/** The index of the word, or -1 if the command does not start Node. */
export function nodeWordIndex(command: readonly string[]): number {
  const [first = ""] = command;
  if (isNode(first)) return 0;
  return WRAPPERS.has(basename(first)) ? command.findIndex(isNode) : -1;
}

function isNode(word: string): boolean {
  return word === "node" || word === process.execPath || /\/node(js)?$/.test(word);
}
