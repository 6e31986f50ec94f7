import Fastify from "fastify";
import { expect, it } from "vitest";
import { noEvents } from "../event-totals.ts";
import { addHealth, Health } from "./health.ts";

it("is alive all the time, but not ready while the store accepts no changes, nor once it shuts down", async () => {
  const totals = noEvents();
  const health = new Health(totals);
  const app = Fastify();
  addHealth(app, health);
  const ask = async (path: string) => {
    const { statusCode, body } = await app.inject(path);
    return { statusCode, ...(JSON.parse(body) as object) };
  };
  expect(await ask("/readyz")).toEqual({ statusCode: 200, status: "ready" });
  totals.isStoreInTrouble = true;
  expect(await ask("/readyz")).toEqual({
    ...{ statusCode: 503, status: "not ready" },
    reason: "The store does not take changes: see log.txt.",
  });
  totals.isStoreInTrouble = false;
  expect(await ask("/readyz")).toEqual({ statusCode: 200, status: "ready" });
  health.announceEnd();
  expect(await ask("/readyz")).toMatchObject({ statusCode: 503, reason: "The server is shutting down." });
  expect(await ask("/healthz")).toEqual({ statusCode: 200, status: "ok" });
  await app.close();
});
