import { expect, it } from "vitest";
import { tempDirectory } from "../../src/server/temp-directory.fixture.ts";
import { partFromResidents, settleResidents } from "./residents.ts";
import { readStore } from "./store-contents.ts";

it("residents come out as they went in, and one that is missing or changed is found", async () => {
  const directory = tempDirectory();
  await settleResidents(directory, 3);
  const store = readStore(directory);
  const guest = { user: "guest-1-1", passwordHash: "hash", points: 0 };
  const [first, second, third] = store.accounts;
  const parted = partFromResidents({ ...store, accounts: [...store.accounts, guest] }, 3);
  expect(parted).toEqual({ store: { ...store, accounts: [guest] }, findings: [] });
  const harmed = { ...store, accounts: [first!, { ...third!, points: third!.points + 2 }] };
  expect(partFromResidents(harmed, 3).findings).toEqual([
    { kind: "lost", what: `${second?.user}: the account is not in the store` },
    { kind: "false", what: `${third?.user}: is not as it was` },
  ]);
});
