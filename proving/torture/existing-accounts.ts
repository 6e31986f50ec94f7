// Accounts that exist from the beginning and make the store as large as a test wants it. Nobody logs in to them, and they
// must not change.
import { openStore } from "../../src/server/store/sqlite-store.ts";
import type { NewAccount } from "../../src/server/store/store.ts";
import { type Finding, finding } from "./account-check.ts";
import type { StoreContents } from "./store-contents.ts";

const NAME = "existing-";
const MOST_POINTS = 60;

/** Call it before the server starts. They have no valid password: hashing that many would take half an hour. */
export async function addExistingAccounts(dataDirectory: string, count: number): Promise<void> {
  if (count === 0) return;
  const store = await openStore(dataDirectory);
  await store.addAccounts(Array.from({ length: count }, (_, index) => existingAccount(index)));
  await store.close();
}

/** The store without these accounts, and which of them are missing or have changed. */
export function withoutExistingAccounts(
  store: StoreContents,
  count: number,
): { store: StoreContents; findings: Finding[] } {
  const kept = new Map(store.accounts.map((account) => [account.user, account]));
  const findings = Array.from({ length: count }, (_, index) => existingAccount(index)).flatMap((before) => {
    const after = kept.get(before.user);
    if (!after) return [finding("lost", `${before.user}: the account is not in the store`)];
    const isSame = after.points === before.points && after.passwordHash === before.passwordHash;
    return isSame ? [] : [finding("false", `${before.user}: has changed`)];
  });
  const accounts = store.accounts.filter(({ user }) => !user.startsWith(NAME));
  return { store: { ...store, accounts }, findings };
}

function existingAccount(index: number): NewAccount {
  return { user: `${NAME}${index}`, passwordHash: "(none)", points: index % MOST_POINTS };
}
