// The command line of `velha admin`, made from the table of commands.
import { resolve } from "node:path";
import { Command } from "commander";
import { addressOption, databaseAddress, readAddress } from "../../shared/command-line/address.ts";
import { programVersion } from "../../shared/command-line/program-version.ts";
import type { StorePlace } from "../store/open-store.ts";
import { adminCommands } from "./commands.ts";

export interface AdminRequest {
  readonly words: readonly string[];
  readonly place: StorePlace;
}

/** Throws a CommanderError for `--help`, `--version` and bad usage, after printing what the user needs to know. */
export function readAdminCommandLine(args: readonly string[]): AdminRequest {
  const asked: AdminRequest[] = [];
  const program = new Command("velha admin")
    .description("What an operator does to the users and data of a velha server, while it runs or not.")
    .version(programVersion())
    .option("--data <folder>", "the server's data folder", "data")
    .addOption(addressOption(databaseAddress, "the server's --database"))
    .exitOverride();
  for (const { name, parameters, help } of adminCommands)
    program
      .command(`${name} ${parameters}`.trim())
      .description(help)
      .action((...given: unknown[]) => {
        const { data, database } = program.opts<{ data: string; database?: string }>();
        const read = readAddress(database, databaseAddress);
        if (!read.ok) return program.error(read.problem);
        const isFile = /[<[]file[>\]]/.test(parameters);
        const words = given.filter((word) => typeof word === "string");
        asked.push({
          words: [name, ...(isFile ? words.map((word) => resolve(word)) : words)],
          place: { dataDirectory: data, database: read.address },
        });
      });
  program.parse(args, { from: "user" });
  return asked[0] ?? program.error("error: nothing was asked");
}
