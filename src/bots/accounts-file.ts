// The crowd's accounts as the server's `import-users` takes them, so that a load test need not wait for registrations.
import { hash } from "@node-rs/argon2";
import type { PlannedMember } from "./schedule.ts";

/** The cheapest there is: each login is 0.1 ms of the server's instead of 12. Their passwords are worth nothing. */
const cost = { memoryCost: 8, timeCost: 1, parallelism: 1 } as const;

/** With such hashes in place of the passwords, or with the passwords themselves. */
export async function accountsFile(members: readonly PlannedMember[], isHashed: boolean): Promise<string> {
  const lines = members.map(
    async ({ name, password }) => `${name}\t${isHashed ? await hash(password, cost) : password}\n`,
  );
  return (await Promise.all(lines)).join("");
}
