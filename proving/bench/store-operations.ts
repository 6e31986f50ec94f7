// What a server asks of its store for its clients. Passwords are not hashed and signatures not checked here.
import { randomBytes } from "node:crypto";
import type { MatchUpdate, Store, StoredMatch } from "../../src/server/store/store.ts";

const USERS = 1_000;
const PASSWORD_HASH = `$argon2id$v=19$m=19456,t=2,p=1$${"s".repeat(22)}$${"h".repeat(43)}`;
const SIGNATURE = "s".repeat(86);
/** A full board, the longest transcript. */
const TRANSCRIPT = Array.from(
  { length: 9 },
  (_, n) => `${1 + (n % 3)},${1 + Math.floor(n / 3)},${SIGNATURE}`,
);

export interface Operation {
  readonly name: string;
  /** How many can be done; without it any number. */
  left?(): number;
  run(number: number): Promise<unknown>;
}

/** Run them in this order: a `result` needs a match that `begin` has made. */
export async function operationsOn(store: Store): Promise<Operation[]> {
  const run = randomBytes(6).toString("hex");
  const userOf = (number: number) => `${run}-${number % USERS}`;
  const idOf = (number: number) => `${run}-m${number}`;
  const tokens = Array.from({ length: USERS }, (_, number) => `${run}-token-${number}`);
  let begun = 0;
  const points = 0;
  const passwordHash = PASSWORD_HASH;
  await store.addAccounts(tokens.map((_, number) => ({ user: userOf(number), passwordHash, points })));
  return [
    {
      name: "adduser",
      async run(number) {
        const user = `${run}+${number}`;
        await store.findAccount(user);
        await store.addAccount({ user, passwordHash, points });
      },
    },
    {
      name: "login",
      async run(number) {
        const user = userOf(number);
        await store.findAccount(user);
        const tokenHash = tokens[number % USERS] as string;
        await store.saveSession({ user, tokenHash, expiresAtMs: Date.now() }, passwordHash);
      },
    },
    { name: "resume", run: (number) => store.findSession(tokens[number % USERS] as string) },
    {
      name: "begin, accepted",
      run(number) {
        begun = number + 1;
        const [inviter, invitee] = [userOf(number), userOf(number + 1)];
        return store.addMatch({ matchId: idOf(number), ticketText: "t".repeat(400), inviter, invitee });
      },
    },
    {
      name: "result, the first",
      left: () => begun,
      async run(number) {
        const match = await store.findMatch(idOf(number));
        if (!match || !(await store.updateMatch(won(match))))
          throw new Error("a match has changed since it began");
      },
    },
    { name: "result, the second", run: (number) => store.findMatch(idOf(number % begun)) },
  ];
}

function won({ matchId, version, hasAbandoned, inviter }: StoredMatch): MatchUpdate {
  return {
    matchId,
    version,
    status: { hasAbandoned, verdict: { outcome: "X", basis: "proof" } },
    newTranscript: TRANSCRIPT.join(";"),
    pointsAdded: [{ user: inviter, points: 2 }],
  };
}
