// Accounts that are there from the beginning: they make the store as large as a test wants it, nobody logs in as one
// of them, and they must come out as they went in.
import { openStore } from "../../src/server/store/sqlite-store.ts";
import type { NewAccount } from "../../src/server/store/store.ts";
import { type Finding, finding } from "./finding.ts";
import type { StoreContents } from "./store-contents.ts";

const NAME = "resident-";
const MOST_POINTS = 60;

/** Before the server starts. Their passwords are none: hashing as many would take half an hour. */
export async function settleResidents(dataDirectory: string, count: number): Promise<void> {
  if (count === 0) return;
  const store = await openStore(dataDirectory);
  await store.addAccounts(Array.from({ length: count }, (_, index) => resident(index)));
  await store.close();
}

/** The store as it would be without them, and what has become of them. */
export function partFromResidents(
  store: StoreContents,
  count: number,
): { store: StoreContents; findings: Finding[] } {
  const kept = new Map(store.accounts.map((account) => [account.user, account]));
  const findings = Array.from({ length: count }, (_, index) => resident(index)).flatMap((before) => {
    const after = kept.get(before.user);
    if (!after) return [finding("lost", `${before.user}: the account is not in the store`)];
    const isSame = after.points === before.points && after.passwordHash === before.passwordHash;
    return isSame ? [] : [finding("false", `${before.user}: is not as it was`)];
  });
  const accounts = store.accounts.filter(({ user }) => !user.startsWith(NAME));
  return { store: { ...store, accounts }, findings };
}

function resident(index: number): NewAccount {
  return { user: `${NAME}${index}`, passwordHash: "(none)", points: index % MOST_POINTS };
}
