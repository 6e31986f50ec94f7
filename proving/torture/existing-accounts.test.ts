import { expect, it } from "vitest";
import { tempDirectory } from "../../src/server/temp-directory.fixture.ts";
import { addExistingAccounts, withoutExistingAccounts } from "./existing-accounts.ts";
import { readStore } from "./store-contents.ts";

it("reports an existing account that is missing or has changed, and nothing else", async () => {
  const directory = tempDirectory();
  await addExistingAccounts(directory, 3);
  const store = readStore(directory);
  const user = { user: "user-1-1", passwordHash: "hash", points: 0 };
  const [first, second, third] = store.accounts;
  const separated = withoutExistingAccounts({ ...store, accounts: [...store.accounts, user] }, 3);
  expect(separated).toEqual({ store: { ...store, accounts: [user] }, findings: [] });
  const damaged = { ...store, accounts: [first!, { ...third!, points: third!.points + 2 }] };
  expect(withoutExistingAccounts(damaged, 3).findings).toEqual([
    { kind: "lost", what: `${second?.user}: the account is not in the store` },
    { kind: "false", what: `${third?.user}: has changed` },
  ]);
});
