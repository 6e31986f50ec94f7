#!/usr/bin/env node
// The server program: command line → startServer → exit code.
import { resolve } from "node:path";
import { exitCodeAfter } from "../shared/command-line/exit-code.ts";
import { type ImportUsers, readCommandLine } from "./command-line.ts";
import { type ServerOptions, startServer } from "./server.ts";
import { errorText, StartupError } from "./startup-error.ts";

/** The server has 2 s to stop, whatever clients do. */
const STOP_LIMIT_MS = 1_800;

async function main(): Promise<void> {
  const asked = readCommandLine(process.argv.slice(2));
  if (asked.kind === "serve") await serve(asked.server);
  else await importUsersFrom(asked);
}

async function serve(options: ServerOptions): Promise<void> {
  // Installed first, so that a signal during the start is not lost.
  const stopSignal = new Promise<void>((resolve) => {
    // Ctrl-C through npm arrives twice; the second one finds the server stopping already.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => resolve());
  });
  const server = await startServer({
    ...options,
    onTrouble: (reason) => process.stderr.write(`${reason}\n`),
  });
  // In a terminal the signal says that the terminal is gone; otherwise an operator asks for it.
  process.on("SIGHUP", () =>
    process.stdin.isTTY ? process.kill(process.pid, "SIGTERM") : void server.reload(),
  );
  process.stdout.write(`Listening on ${server.host} port ${server.port}, TLS port ${server.tlsPort}\n`);
  const [data, certs] = [resolve(options.dataDirectory), resolve(options.certsDirectory)];
  process.stdout.write(`Data in ${data}, certificate in ${certs}\n`);
  if (server.httpUrl !== null) process.stdout.write(`Live page and metrics at ${server.httpUrl}\n`);
  await stopSignal;
  setTimeout(() => process.exit(0), STOP_LIMIT_MS).unref();
  await server.stop();
}

async function importUsersFrom({ file, place, minPasswordLength }: ImportUsers): Promise<void> {
  const { importUsers } = await import("./accounts/import-users.ts");
  const { count, shortCount } = await importUsers(file, place, minPasswordLength);
  process.stdout.write(`${count} ${count === 1 ? "user" : "users"} imported from ${file}\n`);
  if (shortCount > 0)
    process.stdout.write(
      `${shortCount} of them ${shortCount === 1 ? "has a password" : "have passwords"} shorter than ${minPasswordLength} bytes\n`,
    );
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.exit(
    exitCodeAfter(error, (failure) =>
      failure instanceof StartupError ? failure.message : `The server failed: ${errorText(failure)}`,
    ),
  );
}
