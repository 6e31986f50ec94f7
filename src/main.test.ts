// The compiled `velha` command as a user starts it; `npm test` compiles it first.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const velha = fileURLToPath(new URL("../dist/src/main.js", import.meta.url));
const programs = ["server", "client", "bots"];

function run(program: string, ...args: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], (_, stdout, stderr) =>
      resolve({ stdout, stderr, code: child.exitCode ?? -1 }),
    );
  });
}

it("says in a few lines what it is and what to type", async () => {
  const { stdout, stderr, code } = await run(velha);
  expect(stdout.trim().split("\n").length).toBeLessThanOrEqual(10);
  for (const program of programs) expect(stdout).toContain(`velha ${program}`);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  expect((await run(velha, "--help")).stdout).toBe(stdout);
});

it.each([[], ...programs.map((program) => [program])])(
  "prints the version: velha %s --version",
  async (...args) => {
    expect(await run(velha, ...args, "--version")).toEqual({
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
      code: 0,
    });
  },
);

it.each(programs)("velha %s prints the same help as npm run %s, except for the name", async (program) => {
  const alone = fileURLToPath(new URL(`../dist/src/${program}/main.js`, import.meta.url));
  const help = await run(velha, program, "--help");
  expect(help.stdout).toMatch(new RegExp(`^Usage: velha ${program} `));
  const helpAlone = await run(alone, "--help");
  expect(helpAlone.stdout).toMatch(new RegExp(`^Usage: npm run ${program} -- `));
  const [, ...rest] = help.stdout.split("\n");
  expect(helpAlone.stdout.split("\n").slice(1)).toEqual(rest);
  expect([help.code, helpAlone.code]).toEqual([0, 0]);
});

it("names itself when it is started through a link, as npm installs it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "velha-link-"));
  const link = join(folder, "velha");
  symlinkSync(velha, link);
  expect((await run(link, "bots", "--help")).stdout).toMatch(/^Usage: velha bots /);
  rmSync(folder, { recursive: true });
});

it.each(["serve", "constructor"])("refuses an unknown program: %s", async (word) => {
  const { stdout, stderr, code } = await run(velha, word);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(code).toBe(2);
});

it.each([
  ["server", "abc"],
  ["client", "127.0.0.1", "abc"],
  ["bots", "--nothing"],
])("passes on the exit code of %s", async (...args) => {
  expect((await run(velha, ...args)).code).toBe(2);
});
