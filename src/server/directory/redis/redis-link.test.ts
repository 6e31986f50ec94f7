import { describe, expect, it, vi } from "vitest";
import { RedisLink } from "./redis-link.ts";
import { type RedisServer, startRedis } from "./redis-server.fixture.ts";

const first = await startRedis();

describe.skipIf(!first)("the connection to Redis", () => {
  it("receives messages also when Redis starts later, and when it is restarted", async () => {
    const { port, url, stop } = first as RedisServer;
    await stop();
    const link = await RedisLink.open(url, {});
    const heard: string[] = [];
    await link.listen(
      ["news"],
      (message) => heard.push(message),
      () => {},
    );
    for (const news of ["late", "again"]) {
      const redis = (await startRedis(port)) as RedisServer;
      const said = () => link.run((client) => client.publish("news", news), { isProbe: true });
      await vi.waitUntil(async () => (await said()) === 1, { timeout: 10_000 });
      await vi.waitUntil(() => heard.includes(news), { timeout: 10_000 });
      await redis.stop();
    }
    link.close();
    expect(new Set(heard)).toEqual(new Set(["late", "again"]));
  });
});
