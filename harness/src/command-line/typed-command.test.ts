import { describe, expect, it } from "vitest";
import { TypedCommand } from "./typed-command.ts";

const argv = (file: string, ...words: string[]) => ["node", file, ...words];
const script = (name: string, text: string, command = "run") => ({
  npm_command: command,
  npm_lifecycle_event: name,
  npm_lifecycle_script: text,
});

describe("what a user can type", () => {
  it.each([
    ["npx", { npm_command: "exec" }, argv("/p/node_modules/.bin/fiel", "list"), "npx fiel run first --open"],
    ["a global installation", {}, argv("/usr/local/bin/fiel", "list"), "fiel run first --open"],
    [
      "a script for one command",
      script("perf", "fiel run"),
      argv("/p/node_modules/.bin/fiel", "run"),
      "npm run perf first -- --open",
    ],
    [
      "npm before version 11",
      script("perf", "fiel run", "run-script"),
      argv("/p/fiel", "run"),
      "npm run perf first -- --open",
    ],
    [
      "a script for one scenario",
      script("perf", "fiel run first"),
      argv("/p/fiel", "run", "first"),
      "npm run perf -- --open",
    ],
    [
      "a script for every command",
      script("fiel", "npm run build && fiel"),
      argv("/p/fiel", "list"),
      "npm run fiel run first -- --open",
    ],
    [
      "a script for another command",
      script("rec", "fiel record"),
      argv("/p/node_modules/.bin/fiel", "record"),
      "npx fiel run first --open",
    ],
    [
      "a script for something else",
      script("test", "vitest"),
      argv("/p/node_modules/.bin/fiel", "run"),
      "npx fiel run first --open",
    ],
  ])("through %s", (_, environment, words, line) => {
    expect(new TypedCommand(environment, words).line("run", "first", "--open")).toBe(line);
  });
});
