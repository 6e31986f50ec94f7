#!/usr/bin/env node
// The `velha` command: its first word names the program, the rest is that program's own command line.
import { BAD_USAGE } from "./shared/command-line/exit-code.ts";
import { programVersion } from "./shared/command-line/program-version.ts";

const OVERVIEW = `velha ${programVersion()}: tic-tac-toe between two terminals, over a server and a direct link.

  velha server [port]           accounts, invitations, results (port 3000)
  velha client [host] [port]    a prompt to play at (127.0.0.1 3000)
  velha bots --opponent         somebody to play against
  velha admin                   users, passwords, bans of a server on this machine

Type one of them, or add --help to see its options. To try it: velha server in one terminal,
velha client in two others, and help at their prompts. The server writes ./data and ./certs.`;

/** Each program runs when its main file is loaded, and reads its arguments after the name of the file that was started. */
async function run(program: string | undefined): Promise<void> {
  process.argv.splice(2, 1);
  switch (program) {
    case "server":
      await import("./server/main.ts");
      break;
    case "admin":
      await import("./server/admin/main.ts");
      break;
    case "client":
      await import("./client/main.ts");
      break;
    case "bots":
      await import("./bots/main.ts");
      break;
    case "--version":
    case "-V":
      console.log(programVersion());
      break;
    case undefined:
    case "help":
    case "--help":
    case "-h":
      console.log(OVERVIEW);
      break;
    default:
      console.error(
        `error: velha has no program '${program}'; type velha server, velha client, velha bots or velha admin`,
      );
      process.exitCode = BAD_USAGE;
  }
}

await run(process.argv[2]);
