// `velha admin export`: accounts as a users.txt, which another server imports, with whichever store.
import { writeFileSync } from "node:fs";
import { errorText } from "../startup-error.ts";
import type { Store } from "../store/store.ts";
import { Refusal } from "./refusal.ts";

const PAGE = 1_000;

/** A line each: name, hash, points. Deleted accounts are left out. */
export async function exportedUsers(store: Store): Promise<string[]> {
  const lines: string[] = [];
  for (let after = ""; ; ) {
    const page = await store.accountsAfter(after, PAGE);
    for (const { user, points } of page) {
      const account = await store.findAccount(user);
      if (account) lines.push([user, account.passwordHash, points].join("\t"));
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return lines;
    after = last.user;
  }
}

export function keepExport(users: readonly string[], file: string): string[] {
  try {
    writeFileSync(file, users.map((line) => `${line}\n`).join(""), { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw new Refusal(`cannot write ${file} (${errorText(error)}); name a new file`);
  }
  return [
    `${users.length} ${users.length === 1 ? "user" : "users"} in ${file}; velha server import-users reads it`,
  ];
}
