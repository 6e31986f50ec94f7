// The program `velha admin`: asks the server that runs on the data folder, or acts on the store itself when none does.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { wallClock } from "../../shared/clock/clock.ts";
import { exitCodeAfter } from "../../shared/command-line/exit-code.ts";
import { PasswordHasher } from "../accounts/password-hasher.ts";
import { EventLog } from "../event-log.ts";
import { openLogFile } from "../log-file.ts";
import { StartupError } from "../startup-error.ts";
import { openStoreAt, type StorePlace } from "../store/open-store.ts";
import { askServer } from "./admin-socket.ts";
import { readAdminCommandLine } from "./command-line.ts";
import { type AdminAnswer, commandNamed, runAdminCommand } from "./commands.ts";
import { Refusal } from "./refusal.ts";

async function main(): Promise<void> {
  const { words, place } = readAdminCommandLine(process.argv.slice(2));
  const [name = "", ...args] = words;
  const command = commandNamed(name);
  const done = command?.run && !command.isLocal?.(args) ? await ask(place, words) : [];
  const lines = command?.finish?.(done, args, place) ?? done;
  for (const line of lines) process.stdout.write(`${line}\n`);
}

async function ask(place: StorePlace, words: readonly string[]): Promise<string[]> {
  const answer = (await askServer(place.dataDirectory, words)) ?? (await actOn(place, words));
  if (!answer.ok) throw new Refusal(answer.reason);
  return answer.lines;
}

/** Throws StartupError, as when a server that has no admin socket holds the folder. */
async function actOn(place: StorePlace, words: readonly string[]): Promise<AdminAnswer> {
  // Opening the store would make an empty one.
  if (place.database === undefined && !existsSync(join(place.dataDirectory, "velha.db")))
    throw new StartupError(
      `there is no velha.db in ${resolve(place.dataDirectory)}; name the server's folder with --data`,
    );
  const store = await openStoreAt(place);
  try {
    const log = new EventLog(openLogFile(join(place.dataDirectory, "log.txt")), wallClock);
    const nowMs = () => wallClock.nowMs();
    const answer = await runAdminCommand(
      { store, hasher: new PasswordHasher(), log, nowMs, live: null },
      words,
    );
    log.close();
    return answer;
  } finally {
    await store.close();
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.exit(exitCodeAfter(error));
}
