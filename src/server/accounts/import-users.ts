// `import-users`: imports the accounts of the old program's users.txt, all or none. A password that is already an
// argon2id hash, from another server of this kind, is stored as it is.
import { readFile } from "node:fs/promises";
import { errorText, StartupError } from "../startup-error.ts";
import { openStoreAt, type StorePlace } from "../store/open-store.ts";
import { type Store, StoreError } from "../store/store.ts";
import { isUsableHash } from "./password-hash.ts";
import { PasswordHasher } from "./password-hasher.ts";
import { readUsersFile, type UserLine } from "./users-file.ts";

/** More are counted. */
const MAX_TOLD_LINES = 50;

export interface Imported {
  readonly count: number;
  /** Passwords that would be too short for a new account; they work all the same. */
  readonly shortCount: number;
}

/** `minPasswordLength` is in bytes. Throws StartupError, and then nobody was imported. */
export async function importUsers(file: string, place: StorePlace, minPasswordLength = 0): Promise<Imported> {
  const users = await usersOf(file);
  const store = await openStoreAt(place);
  try {
    await addAll(store, file, users);
    const isShort = ({ password }: UserLine) =>
      !isUsableHash(password) && Buffer.byteLength(password) < minPasswordLength;
    return { count: users.length, shortCount: users.filter(isShort).length };
  } finally {
    await store.close();
  }
}

async function addAll(store: Store, file: string, users: UserLine[]): Promise<void> {
  const hasher = new PasswordHasher({ maxWaiting: users.length });
  const accounts = await Promise.all(
    users.map(async ({ user, password, points }) => {
      if (isUsableHash(password)) return { user, passwordHash: password, points };
      const hashed = await hasher.hash(password);
      if (!hashed.ok) throw new Error("the queue was made as long as the file");
      return { user, passwordHash: hashed.value, points };
    }),
  );
  const added = await store.addAccounts(accounts).catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
    const cause = error.cause;
    throw new StartupError(
      `cannot write the users (${errorText(cause)}); correct that and import again: nobody was imported`,
      {
        cause,
      },
    );
  });
  if (added.ok) return;
  const lineNumber = users.find(({ user }) => user === added.taken)?.lineNumber;
  throw new StartupError(
    `${file}, line ${lineNumber}: ${added.taken} is registered already: remove the line; nobody was imported`,
  );
}

async function usersOf(file: string): Promise<UserLine[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new StartupError(`cannot read ${file} (${errorText(cause)}); name the old program's users.txt`, {
      cause,
    });
  }
  const read = readUsersFile(bytes);
  if (read.ok) return read.users;
  const told = read.badLines
    .slice(0, MAX_TOLD_LINES)
    .map(({ lineNumber, problem }) => `${file}, line ${lineNumber}: ${problem}`);
  const untold = read.badLines.length - told.length;
  if (untold > 0) told.push(`${untold} more lines are wrong`);
  throw new StartupError(`${told.join("\n")}; nobody was imported`);
}
