// Sends more logins at once than the server's queue of passwords can hold: some are hashed, the others must get
// `TRY_LATER` at once.
import { RawConnection } from "../../test/wire/raw-connection.ts";
import type { Ports } from "../../test/wire/whole-client.ts";

export interface Answered {
  isRefused: boolean;
  waitedMs: number;
}

/** Binds all connections before the first login. Rejects if a login is not answered. */
export async function fillHashQueue({ port, tlsPort }: Ports, logins: number): Promise<Answered[]> {
  const controls: RawConnection[] = [];
  const bound: RawConnection[] = [];
  for (let number = 0; number < logins; number++) {
    const control = await RawConnection.open(port);
    const id = (await control.nextLine()).split(";")[2];
    const tls = await RawConnection.openTls(tlsPort);
    await tls.says(`bind;${id}`).nextLine();
    controls.push(control);
    bound.push(tls);
  }
  const answers = await Promise.all(
    bound.map(async (tls, number) => {
      const startMs = performance.now();
      const answer = await tls.says(`login;Nobody-${number};no password`).nextLine();
      return { isRefused: answer.startsWith("loginERR;TRY_LATER;"), waitedMs: performance.now() - startMs };
    }),
  );
  for (const connection of [...controls, ...bound]) connection.close();
  return answers;
}
