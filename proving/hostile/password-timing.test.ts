// The time that a wrong password takes does not reveal whether the user exists.
import { expect, test } from "vitest";
import { ServerProcess } from "../../test/servers/server-process.ts";
import { connect, join } from "../../test/wire/whole-client.ts";

/** `VELHA_TIMING_TRIES=200` for a thorough test; each try costs two hashes. */
const TRIES = Number(process.env.VELHA_TIMING_TRIES ?? 25);

test("an unknown user and a wrong password take the same time", async () => {
  const server = await ServerProcess.start(["--attempt-limits", "off"]);
  try {
    (await join(server, "Alan")).close();
    const { tls, close } = await connect(server);
    const timeOf = async (user: string) => {
      const startMs = performance.now();
      await tls.asks(`login;${user};wrong horse`, "loginERR;BAD_CREDENTIALS;…");
      return performance.now() - startMs;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let index = 0; index < TRIES; index++) {
      // Interleaved, so that a busy machine affects both alike; each comes first equally often.
      const [first, second] = index % 2 === 0 ? [known, unknown] : [unknown, known];
      first.push(await timeOf(first === known ? "Alan" : `Nobody${index}`));
      second.push(await timeOf(second === known ? "Alan" : `Nobody${index}`));
    }
    close();
    // How often an unknown user took longer than a known one: about 0.5, or near 0 if nothing were hashed.
    const pairs = known.flatMap((one) => unknown.map((other) => (other > one ? 1 : 0)));
    const share = pairs.reduce<number>((sum, each) => sum + each, 0) / pairs.length;
    const deviation = Math.sqrt((2 * TRIES + 1) / (12 * TRIES * TRIES));
    expect(Math.abs(share - 0.5) / deviation).toBeLessThan(5);
  } finally {
    await server.dispose();
  }
});
