// Servers that share one PostgreSQL.
import { afterAll, describe, expect, it } from "vitest";
import { PrivatePostgres } from "../src/server/store/postgres.fixture.ts";
import { startTemporaryServer } from "./servers/temporary-server.ts";
import { RawConnection } from "./wire/raw-connection.ts";

/** PostgreSQL recovers slowly on a busy machine. */
const PATIENT = { timeout: 20_000 };

const installed = await PrivatePostgres.start();
afterAll(() => installed?.remove());

async function connect({ port, tlsPort }: { port: number; tlsPort: number }) {
  const control = await RawConnection.open(port);
  const { id = "" } = await control.sees("secport;<port>;<id>");
  const tls = await RawConnection.openTls(tlsPort);
  const { key } = await tls.asks(`bind;${id}`, "bindACK;<key>");
  return { control, tls, key };
}

describe.skipIf(!installed)("servers on one database", () => {
  const postgres = installed as PrivatePostgres;

  it("share users and ticket key; while it is down they keep running and answer logins with TRY_LATER", async () => {
    const database = await postgres.newPlace();
    const troubles: string[] = [];
    const onTrouble = (reason: string) => troubles.push(reason);
    const servers = await Promise.all([1, 2].map(() => startTemporaryServer({ database, onTrouble })));
    const [alan, beto] = await Promise.all(servers.map(connect));
    if (!alan || !beto) throw new Error("two servers were started");
    expect(alan.key).toBe(beto.key);
    await alan.tls.asks("adduser;Alan;correct horse", "adduserACK;Alan");
    await beto.tls.asks("adduser;alan;another horse", "adduserERR;USER_EXISTS;…");
    const { token } = await beto.tls.asks("login;alan;correct horse", "loginACK;Alan;<token>");
    await postgres.crash();
    await alan.tls.asks("login;Alan;correct horse", "loginERR;TRY_LATER;5;…");
    await beto.control.asks("list", "listACK;Alan:free");
    expect(troubles).toEqual([expect.stringMatching(/cannot be kept \(PostgreSQL: /)]);
    await postgres.start();
    const again = () => alan.tls.says(`resume;${token}`).nextLine();
    await expect.poll(again, PATIENT).toBe(`resumeACK;Alan;${token}`);
    for (const { control, tls } of [alan, beto]) for (const each of [control, tls]) each.socket.destroy();
    await Promise.all(servers.map((server) => server.stop()));
  });
});
