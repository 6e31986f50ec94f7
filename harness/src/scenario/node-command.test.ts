import { expect, test } from "vitest";
import { nodeWordIndex } from "./node-command.ts";

test.each([
  [["node", "main.js"], 0],
  [[process.execPath, "-e", "1"], 0],
  [["/opt/node-24/bin/node", "main.js"], 0],
  [["ip", "netns", "exec", "far", "node", "main.js"], 4],
  [["/usr/bin/nice", "-n", "5", process.execPath, "node"], 3],
  [["echo", "what", "node", "is"], -1],
  [["grep", "node", "/usr/bin/node"], -1],
  [["npm", "run", "node"], -1],
  [["env", "A=1", "python3", "main.py"], -1],
  [[], -1],
])("Node in %j starts at %i", (command, index) => {
  expect(nodeWordIndex(command)).toBe(index);
});
