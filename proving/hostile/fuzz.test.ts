import { expect, test } from "vitest";
import { ServerProcess } from "../../test/servers/server-process.ts";
import { openControl } from "../../test/wire/whole-client.ts";
import { fuzz } from "./fuzz.ts";

test("1,000 generated lines, valid and broken, get the right answers and affect no other client", async () => {
  const server = await ServerProcess.start(["--heartbeat", "3600"]);
  try {
    const honest = (await openControl(server)).control;
    const report = await fuzz(server, { lines: 1_000, seed: 1 });
    expect(report.answers).toBeGreaterThan(500);
    expect(report.closes).toBeGreaterThan(0);
    await honest.asks("list;1000", "listACK");
    honest.close();
    expect(await server.interrupt()).toBe(0);
    expect(server.stderr).toBe("");
  } finally {
    await server.dispose();
  }
});
