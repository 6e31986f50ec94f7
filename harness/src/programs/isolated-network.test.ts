import { execFileSync, spawnSync } from "node:child_process";
import { expect, it, onTestFinished } from "vitest";
import type { Caretaker } from "../leftovers/caretaker.ts";
import { NetworkNamespace } from "./isolated-network.ts";

const namespaces = new Set<string>();
const caretaker: Caretaker = {
  watchGroup: () => {},
  forgetGroup: () => {},
  watchFolder: () => {},
  watchControlGroup: () => {},
  watchNamespace: (name) => namespaces.add(name),
  forgetNamespace: (name) => namespaces.delete(name),
  dismiss: async () => {},
};

it("A network of its own is reached until its link goes down, and leaves nothing; or there is none", async () => {
  const network = await NetworkNamespace.make(caretaker);
  if (network === null) {
    expect(namespaces).toEqual(new Set());
    return;
  }
  onTestFinished(() => network.remove());
  const [name] = namespaces;
  const routes = () => execFileSync("ip", ["route", "get", network.address], { encoding: "utf8" });
  expect(routes()).toContain(name);
  const inside = network.command(["ip", "-br", "link", "show", "inside"]);
  const state = () => execFileSync(inside[0]!, inside.slice(1), { encoding: "utf8" });
  expect(state()).toMatch(/UP/);
  await network.down();
  expect(state()).toMatch(/DOWN/);
  await network.up();
  expect(state()).toMatch(/UP/);
  await network.remove();
  expect(namespaces).toEqual(new Set());
  expect(spawnSync("ip", ["netns", "pids", name!]).status).not.toBe(0);
});
