// What an operator can do with `velha admin`: a row for each command. The same rows are carried out by the running server,
// over its admin socket, and without one by the program itself on the store.
import { randomBytes } from "node:crypto";
import { toBase64url } from "../../game/base64url.ts";
import { isSameUser, isUserName } from "../../game/user-name.ts";
import { errorTexts } from "../../protocol/errors.ts";
import type { Hasher } from "../accounts/password-hasher.ts";
import type { EventLog } from "../event-log.ts";
import type { StorePlace } from "../store/open-store.ts";
import type { AccountOverview, Store, StoredMatch } from "../store/store.ts";
import { StoreError } from "../store/store.ts";
import { checkCopy, keepBackup, restoreBackup, snapshotOf } from "./backup.ts";
import { exportedUsers, keepExport } from "./export.ts";
import { Refusal } from "./refusal.ts";

/** What the running server adds to the store. */
export interface LiveServer {
  /** The user's session has ended in the store: ends the connections, on whichever server they are. */
  dismiss(user: string): void;
  isOnline(user: string): boolean;
  /** The store has other users or points than before. */
  leadersChanged(): void;
  /** Returns what was done. Throws the system's error or StartupError. */
  rotate(): Promise<string[]>;
}

export interface AdminPorts {
  readonly store: Store;
  readonly hasher: Hasher;
  readonly log: Pick<EventLog, "operator">;
  nowMs(): number;
  /** null: no server runs on the data folder. */
  readonly live: LiveServer | null;
}

export interface AdminCommand {
  readonly name: string;
  /** As commander writes them: `<user>` is required, `[user]` is not. */
  readonly parameters: string;
  readonly help: string;
  /** In the server that runs, or without one in the program. Throws Refusal. Default: nothing. */
  run?(ports: AdminPorts, args: readonly string[]): Promise<string[]>;
  /** Then `run` is left out. */
  isLocal?(args: readonly string[]): boolean;
  /** Afterwards in the program, with the rights of whoever started it: what to print. Throws Refusal. */
  finish?(done: readonly string[], args: readonly string[], place: StorePlace): string[];
}

export type AdminAnswer = { ok: true; lines: string[] } | { ok: false; reason: string };

const USERS_AT_ONCE = 1_000;
const NEW_PASSWORD_BYTES = 12;

export const adminCommands: readonly AdminCommand[] = [
  {
    name: "users",
    parameters: "[after]",
    help: `list up to ${USERS_AT_ONCE} users by name, from the one after [after] on`,
    async run({ store, nowMs, live }, [after = ""]) {
      const accounts = await store.accountsAfter(after, USERS_AT_ONCE);
      return accounts.map((account) => describe(account, nowMs(), live));
    },
  },
  {
    name: "show",
    parameters: "<user>",
    help: "show one user: points, login, open matches",
    async run({ store, nowMs, live }, [user = ""]) {
      const account = await found(store, user);
      const matches = await matchesOf(store, account);
      return [describe(account, nowMs(), live), ...matches.map(describeMatch)];
    },
  },
  {
    name: "matches",
    parameters: "[match]",
    help: "list the matches without an outcome, or show one match with its transcripts",
    async run({ store }, [matchId]) {
      if (matchId === undefined) return (await store.openMatches()).map(describeMatch);
      const match = await store.findMatch(matchId);
      if (!match)
        throw new Refusal(`there is no match ${matchId}; matches without a name lists the open ones`);
      return [describeMatch(match), `ticket ${match.ticketText}`, ...match.transcripts];
    },
  },
  {
    name: "kick",
    parameters: "<user>",
    help: "end the user's login and connections; the user may log in again",
    async run({ store, live }, [user = ""]) {
      const account = await found(store, user);
      await store.endSessionOf(account.user);
      live?.dismiss(account.user);
      return [`The login of ${account.user} has ended.`];
    },
  },
  {
    name: "ban",
    parameters: "<user>",
    help: "end the user's login and allow no other; points and results stay",
    async run({ store, live }, [user = ""]) {
      const account = await found(store, user);
      await changed(store.setStanding(account.user, "banned"), account);
      live?.dismiss(account.user);
      return [`${account.user} is banned.`];
    },
  },
  {
    name: "unban",
    parameters: "<user>",
    help: "let a banned user log in again",
    async run({ store }, [user = ""]) {
      const account = await found(store, user);
      await changed(store.setStanding(account.user, "active"), account);
      return [`${account.user} may log in.`];
    },
  },
  {
    name: "reset-password",
    parameters: "<user>",
    help: "give the user a new password, which is printed, and end the login",
    async run({ store, hasher, live }, [user = ""]) {
      const account = await found(store, user);
      const password = toBase64url(randomBytes(NEW_PASSWORD_BYTES));
      const hashed = await hasher.hash(password);
      if (!hashed.ok) throw new Refusal(`the server is busy; try again in ${hashed.seconds} s`);
      await changed(store.resetPassword(account.user, hashed.value), account);
      live?.dismiss(account.user);
      return [`The new password of ${account.user} is ${password}`];
    },
  },
  {
    name: "rename",
    parameters: "<user> <name>",
    help: "give the user another name, and end the login; old results stay under the old name, which is not given out again",
    async run({ store, live }, [user = "", name = ""]) {
      const account = await found(store, user);
      if (!isUserName(name)) throw new Refusal(`${name} is no user name: ${errorTexts.BAD_NAME}`);
      const match = (await matchesOf(store, account)).at(0);
      if (match)
        throw new Refusal(`${account.user} plays match ${match.matchId}, whose result needs the name`);
      if (!(await store.renameAccount(account.user, name)))
        throw new Refusal(`${name} is taken, or ${account.user} is deleted`);
      live?.dismiss(account.user);
      live?.leadersChanged();
      return [`${account.user} is ${name} now.`];
    },
  },
  {
    name: "delete",
    parameters: "<user>",
    help: "delete an account for good; its results stay, and its name is not given out again",
    async run({ store, live }, [user = ""]) {
      const account = await found(store, user);
      await changed(store.setStanding(account.user, "deleted"), account);
      live?.dismiss(account.user);
      live?.leadersChanged();
      return [`${account.user} is deleted.`];
    },
  },
  {
    name: "export",
    parameters: "<file>",
    help: "write names, password hashes and points to a new file that import-users reads",
    run: ({ store }) => exportedUsers(store),
    finish: (users, [file = ""]) => keepExport(users, file),
  },
  {
    name: "rotate",
    parameters: "",
    help: "set log.txt aside, start a new one and read the certificate anew; nobody is disconnected",
    async run({ live }) {
      if (!live) throw new Refusal("no server runs on that folder");
      return live.rotate();
    },
  },
  {
    name: "backup",
    parameters: "<file>",
    help: "write a copy of velha.db to a new file, checked; the server may run, and goes on",
    run: ({ store }) => snapshotOf(store),
    finish: ([snapshot = ""], [file = ""]) => keepBackup(snapshot, file),
  },
  {
    name: "check",
    parameters: "[file]",
    help: "check velha.db, or a copy of it, for damage",
    run: ({ store }) => snapshotOf(store),
    isLocal: ([file]) => file !== undefined,
    finish: ([snapshot], [file = ""]) => checkCopy(snapshot ?? file, snapshot !== undefined),
  },
  {
    name: "restore",
    parameters: "<file>",
    help: "put a backup in the place of velha.db, which is kept under another name; the server must not run",
    finish: (_done, [file = ""], place) => restoreBackup(file, place),
  },
];

export function commandNamed(name: string): AdminCommand | undefined {
  return adminCommands.find((each) => each.name === name);
}

/** Writes what was asked, and whether it was done, to log.txt; never what was answered. */
export async function runAdminCommand(ports: AdminPorts, asked: readonly string[]): Promise<AdminAnswer> {
  const [name = "", ...args] = asked;
  const answer = await answerTo(ports, name, args);
  ports.log.operator(asked.join(" "), answer.ok ? "done" : answer.reason);
  return answer;
}

async function answerTo(ports: AdminPorts, name: string, args: readonly string[]): Promise<AdminAnswer> {
  const command = commandNamed(name);
  if (!command)
    return { ok: false, reason: `the server knows no command '${name}'; it may be of another version` };
  try {
    return { ok: true, lines: (await command.run?.(ports, args)) ?? [] };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message };
    if (error instanceof StoreError) return { ok: false, reason: `${error.message}; see log.txt` };
    throw error;
  }
}

/** Those without an outcome. */
async function matchesOf(store: Store, { user }: AccountOverview): Promise<StoredMatch[]> {
  const open = await store.openMatches();
  return open.filter(({ inviter, invitee }) => [inviter, invitee].some((name) => isSameUser(name, user)));
}

async function found(store: Store, user: string): Promise<AccountOverview> {
  const account = await store.accountOverview(user);
  if (!account) throw new Refusal(`there is no user ${user}; users lists them`);
  return account;
}

async function changed(change: Promise<boolean>, { user }: AccountOverview): Promise<void> {
  if (!(await change)) throw new Refusal(`${user} is deleted, and stays so`);
}

function describe(account: AccountOverview, nowMs: number, live: LiveServer | null): string {
  const { user, points, standing, sessionUntilMs } = account;
  const hasSession = sessionUntilMs !== null && sessionUntilMs > nowMs;
  const login = hasSession ? `login until ${new Date(sessionUntilMs).toISOString()}` : "no login";
  const online = live?.isOnline(user) ? ["online"] : [];
  return [user, `${points} ${points === 1 ? "point" : "points"}`, standing, login, ...online].join("\t");
}

function describeMatch({ matchId, inviter, invitee, verdict }: StoredMatch): string {
  const outcome = verdict ? `${verdict.outcome} by ${verdict.basis}` : "open";
  return [matchId, `X ${inviter}`, `O ${invitee}`, outcome].join("\t");
}
