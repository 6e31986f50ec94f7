// How this program was called, so that every text names what the user can type: `npx fiel`, `fiel`, or one of the
// project's npm scripts. npm itself keeps flags that were meant for a script when a "--" is missing; that is found here.
import { realpathSync } from "node:fs";
import { basename, resolve, sep } from "node:path";
import type { Argument, Option } from "commander";
import { isRunByNpm } from "../project/typing-directory.ts";

/** What has to be known of a command to find a flag that npm kept. */
interface CommandShape {
  name: string;
  arguments: readonly Argument[];
  options: readonly Option[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The npm script that was typed, and the words that it passes to this program itself. */
interface Script {
  name: string;
  words: string[];
}

/** Flags that npm knows itself: in the environment they say nothing about ours. */
const OWN_FLAGS_OF_NPM = new Set(["timing", "yes", "version"]);

export class TypedCommand {
  readonly #environment: Environment;
  readonly #file: string;
  readonly #script: Script | null;

  /** `argv` as Node has it: its own path, this program's, then the words. */
  constructor(environment: Environment, argv: readonly string[]) {
    const [, file = "", ...words] = argv;
    this.#environment = environment;
    this.#file = file;
    this.#script = scriptOf(environment, file, words);
  }

  /** A command line of these words, the command's name first, as this user would type it. */
  line(...words: readonly string[]): string {
    const script = this.#script;
    const isOfScript = script?.words.every((word, index) => word === words[index]);
    if (!script || !isOfScript) return [this.#program(), ...words].join(" ");
    const rest = words.slice(script.words.length);
    const firstOption = rest.findIndex((word) => /^\[?-|^\[options\]/.test(word));
    if (firstOption >= 0) rest.splice(firstOption, 0, "--");
    return ["npm run", script.name, ...rest].join(" ");
  }

  /** What to say when npm kept a flag for itself, or null. */
  eatenFlag({ name, arguments: expected, options }: CommandShape, words: readonly string[]): string | null {
    if (!this.#script) return null;
    const flag = options.find(({ long }) => this.#hasEaten(long!.slice(2)));
    // A scenario is no number; a process and a revision may be.
    const value = words.slice(name === "run" ? 0 : expected.length).find(isNumber);
    if (!flag && value === undefined) return null;
    const kept = flag?.long ?? `the flag before ${value}`;
    const setting = flag?.isBoolean() ? [flag.long!] : [flag?.long ?? "--duration", value ?? "<value>"];
    const others = words.filter((word) => word !== value).map(quoted);
    const named = others.length > 0 ? others : expected.slice(0, 1).map((one) => `<${one.name()}>`);
    return `npm kept ${kept} for itself, because a "--" is missing. Type: ${this.line(name, ...named, ...setting)}`;
  }

  #hasEaten(flag: string): boolean {
    const variable = `npm_config_${flag.replaceAll("-", "_")}`;
    return !OWN_FLAGS_OF_NPM.has(flag) && this.#environment[variable] !== undefined;
  }

  #program(): string {
    const isInstalledGlobally = basename(this.#file) === "fiel" && !this.#file.includes(`node_modules${sep}`);
    return isInstalledGlobally ? "fiel" : "npx fiel";
  }
}

/** Null where a script starts another program that starts this one: what was typed is not known then. */
function scriptOf(environment: Environment, file: string, words: readonly string[]): Script | null {
  const { npm_command: command, npm_lifecycle_event: name, npm_lifecycle_script: text } = environment;
  if (!isRunByNpm(command) || !name || !text) return null;
  const script = text.trim().split(/\s+/);
  const at = script.findLastIndex((word) => basename(word) === "fiel" || isSameFile(word, file));
  const own = script.slice(at + 1);
  const isOurs = at >= 0 && own.every((word, index) => word === words[index]);
  return isOurs ? { name, words: own } : null;
}

function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(resolve(one)) === realpathSync(other);
  } catch {
    return false;
  }
}

function isNumber(word: string): boolean {
  return word !== "" && !Number.isNaN(Number(word));
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`;
}
