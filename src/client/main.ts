// The client program: arguments → runClient() → exit code.

import { exitCodeAfter } from "../shared/command-line/exit-code.ts";
import { readArguments } from "./arguments.ts";
import { DiskKeeper } from "./disk/disk-keeper.ts";
import type { ServerAddress } from "./links/server-connection.ts";
import { realWorld, systemRandom } from "./real-world.ts";
import { runClient } from "./run-client.ts";
import { openStateFolder, type StateFolder } from "./state-folder.ts";
import { languages } from "./texts/language.ts";
import { trustFile, trustOnFirstUse } from "./trust.ts";
import type { Trust } from "./world.ts";

const EXIT_LIMIT_MS = 2_000;

async function main(): Promise<number> {
  const { client, certificateFile, stateFolder, language } = readArguments(
    process.argv.slice(2),
    process.env,
  );
  const leaving = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => leaving.abort());
  process.once("SIGHUP", () => {
    hasHungUp = true;
    leaving.abort();
  });
  process.stdout.on("error", () => leaving.abort());
  const folder = openStateFolder(stateFolder);
  const outcome = await runClient({
    world: realWorld(openTrust(certificateFile, folder)),
    client,
    keeper: new DiskKeeper({
      folder: folder.sessions,
      server: gameOf([client.server, ...(client.otherServers ?? [])]),
      newId: () => Buffer.from(systemRandom.bytes(8)).toString("hex"),
      nowMs: Date.now,
    }),
    texts: languages[language],
    environment: process.env,
    input: process.stdin,
    output: process.stdout,
    signal: leaving.signal,
  });
  if (!outcome.ok) console.error(outcome.text);
  return outcome.ok ? 0 : 1;
}

/** What sessions are kept under: one server, or all servers of a game, in any order. */
function gameOf(servers: readonly ServerAddress[]): string {
  return servers
    .map(({ host, port }) => `${host}:${port}`)
    .sort()
    .join(",");
}

function openTrust(certificateFile: string | null, folder: StateFolder): Trust {
  return certificateFile === null
    ? trustOnFirstUse(folder.knownCertificates, Date.now)
    : trustFile(certificateFile, Date.now);
}

let hasHungUp = false;
try {
  process.exitCode = await main();
  // The terminal is gone: the program ends by the signal, because Node cannot restore a terminal that is gone.
  if (hasHungUp) process.kill(process.pid, "SIGHUP");
} catch (error) {
  process.exitCode = exitCodeAfter(error);
}
// Sockets close within their grace time; nothing else may keep the process alive.
setTimeout(() => process.exit(), EXIT_LIMIT_MS).unref();
