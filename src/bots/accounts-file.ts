// The crowd's accounts in the format of the server's `import-users`, so that a load test skips registration.
import { hash } from "@node-rs/argon2";
import type { PlannedMember } from "./schedule.ts";

/** The cheapest hashes: a login costs the server 0.1 ms instead of 12. They protect nothing. */
const cost = { memoryCost: 8, timeCost: 1, parallelism: 1 } as const;

/** With those hashes, or with the passwords themselves. */
export async function accountsFile(members: readonly PlannedMember[], isHashed: boolean): Promise<string> {
  const lines = members.map(
    async ({ name, password }) => `${name}\t${isHashed ? await hash(password, cost) : password}\n`,
  );
  return (await Promise.all(lines)).join("");
}
