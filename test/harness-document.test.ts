// The shell blocks of docs/HARNESS.md, typed in an empty folder: the files that they write, the scenarios that they run.
import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const document = readFileSync(join(root, "docs", "HARNESS.md"), "utf8");
const shellBlocks = [...document.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block as string);
const SHORT_SECONDS = "4";

const program = join(root, "harness", "dist", "main.js");

/** The words of `npx fiel run name …` in the block. */
function wordsOf(block: string): string[] {
  const [, words = ""] = /^npx fiel (run .*)$/m.exec(block) ?? [];
  return words.split(" ").filter((word) => word !== "--open");
}

function isInstalled(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}

/** Another program may use the port of the document. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("the scenarios of docs/HARNESS.md", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "harness-document-"));
    for (const block of shellBlocks) {
      const port = await freePort();
      for (const [, path = "", text = ""] of block.matchAll(/^cat > (\S+) <<'END'\n(.*?)^END$/gms)) {
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), text.replaceAll(/\b739\d\b/g, String(port)));
      }
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  const scenarios = [
    { name: "echo", needs: "python3" },
    { name: "redis", needs: "redis-server" },
  ];
  for (const { name, needs } of scenarios)
    test.skipIf(!isInstalled(needs)).concurrent(`${name} passes`, async () => {
      const block = shellBlocks.find((one) => one.includes(`npx fiel run ${name}`)) as string;
      const words = [program, ...wordsOf(block), "--duration", SHORT_SECONDS];
      const ownEnvironment = Object.entries(process.env).filter(([key]) => !key.startsWith("npm_"));
      const run = promisify(execFile)(process.execPath, words, {
        cwd: folder,
        env: Object.fromEntries(ownEnvironment),
      });
      const failure = await run.then(
        () => null,
        (error: { stdout: string; stderr: string }) => `${error.stdout}${error.stderr}`,
      );
      expect(failure).toBeNull();
    });
});

test("docs/HARNESS.md names commands that are there", async () => {
  const { stdout: help } = await promisify(execFile)(process.execPath, [program, "--help"]);
  const named = [...document.matchAll(/npx fiel (\w+)/g)].map(([, name]) => name as string);
  expect(named.filter((name) => !new RegExp(`^ +${name}\\b`, "m").test(help))).toEqual([]);
});
