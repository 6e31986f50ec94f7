// Revisions of small git repositories, most of them without npm.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openProject, type Project } from "../project/project.ts";
import { buildRevision, findCommit, type Revision } from "./revision.ts";

let repository: string;

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), "revision-test-"));
  git("init", "--quiet");
});

afterEach(async () => {
  await rm(repository, { recursive: true });
});

function git(...words: string[]): string {
  const who = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
  return execFileSync("git", [...who, ...words], { cwd: repository, encoding: "utf8" }).trim();
}

async function commit(path: string, content: string): Promise<string> {
  await mkdir(join(repository, path, ".."), { recursive: true });
  await writeFile(join(repository, path), content);
  git("add", "--all");
  git("commit", "--quiet", "--message", path);
  return git("rev-parse", "HEAD");
}

async function project(folder = ""): Promise<Project> {
  const opened = await openProject(join(repository, folder));
  if (!opened.ok) throw new Error(opened.message);
  return opened.project;
}

async function build(...words: Parameters<typeof buildRevision>): Promise<Revision> {
  const built = await buildRevision(...words);
  if (!built.ok) throw new Error(built.message);
  return built.value;
}

describe("a revision", () => {
  it("of a project without package.json is checked out separately from the working tree", async () => {
    const first = await commit("fiel.config.mjs", "export default {};");
    await commit("server.py", "new");
    const steps: string[] = [];
    const revision = await build("HEAD~1", first, await project(), (step) => steps.push(step));
    expect(steps).toEqual([]);
    expect(revision.name).toBe(`HEAD~1 (${first.slice(0, 9)})`);
    expect(existsSync(join(revision.directory, "server.py"))).toBe(false);
    await revision.remove();
    expect(existsSync(revision.directory)).toBe(false);
    expect(git("worktree", "list").split("\n")).toHaveLength(1);
  });

  it("is built by the commands of the configuration, in the folder of the project", async () => {
    const config =
      'export default { scenarios: "cases", compare: { build: ["pwd > built", "echo two >> built"] } };';
    const head = await commit("tools/fiel.config.mjs", config);
    const revision = await build("HEAD", head, await project("tools"), () => {});
    expect(await readFile(join(revision.directory, "built"), "utf8")).toMatch(/\/tools\ntwo\n$/);
    expect(revision.scenarios).toBe(join(revision.directory, "cases"));
    await revision.remove();
  });

  it("of a package is built by its build script", async () => {
    const head = await commit("package.json", '{ "scripts": { "build": "echo done > built" } }');
    const steps: string[] = [];
    const revision = await build("HEAD", head, await project(), (step) => steps.push(step));
    expect(steps).toEqual(["npm install --no-audit --no-fund", "npm run --silent build"]);
    expect(existsSync(join(revision.directory, "built"))).toBe(true);
    await revision.remove();
  });

  it("that cannot be built is named with the last output of the build, and leaves nothing", async () => {
    const config = 'export default { compare: { build: ["echo no compiler >&2; exit 3"] } };';
    const head = await commit("fiel.config.mjs", config);
    expect(await buildRevision("HEAD", head, await project(), () => {})).toEqual({
      ok: false,
      message: expect.stringMatching(/^HEAD cannot be built: [^\n]*\nno compiler$/),
    });
    expect(git("worktree", "list").split("\n")).toHaveLength(1);
  });

  it("that git does not know is null, as is any revision in a folder without git", async () => {
    expect(await findCommit("nothing", repository)).toBeNull();
    await commit("file", "");
    expect(await findCommit("HEAD", repository)).toBe(git("rev-parse", "HEAD"));
    expect(await findCommit("HEAD", tmpdir())).toBeNull();
  });
});
