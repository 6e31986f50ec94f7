import { expect, it } from "vitest";
import { commandWords } from "./command-words.ts";

it.each([
  ["redis-server --port 7000", "redis-server", ["--port", "7000"]],
  ["redis-server --save '' --dir \"/a b\"", "redis-server", ["--save", "", "--dir", "/a b"]],
  ["sh -c 'a | b; exit $?'", "sh", ["-c", "a | b; exit $?"]],
  ["  top  ", "top", []],
])("%j is started without a shell", (command, file, args) => {
  expect(commandWords(command)).toEqual({ file, args, isShell: false });
});

it.each(["a | b", "a && b", "echo $HOME", 'echo "$HOME"', "ls *.ts", "A=1 b", "a > b", "it's"])(
  "%j is left to the shell",
  (command) => {
    expect(commandWords(command)).toEqual({ file: "/bin/sh", args: ["-c", command], isShell: true });
  },
);

it("Nothing is no command", () => {
  expect(commandWords("  ")).toBeNull();
});
