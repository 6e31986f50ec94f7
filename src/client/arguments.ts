// The client's command line.
import { isIPv6 } from "node:net";
import { Command, InvalidArgumentError, Option } from "commander";
import { port, positive } from "../shared/command-line/numbers.ts";
import { programVersion } from "../shared/command-line/program-version.ts";
import { typedCommand } from "../shared/command-line/typed-command.ts";
import type { ClientOptions } from "./client.ts";
import { readServerAddresses } from "./server-addresses.ts";
import type { AnnouncedAddress } from "./session/event.ts";
import { defaultStateFolder } from "./state-folder.ts";
import { type Language, languageOf, languages } from "./texts/language.ts";

export interface ClientArguments {
  client: ClientOptions;
  certificateFile: string | null;
  stateFolder: string;
  language: Language;
}

interface Ports {
  gamePort: number;
  pingPort: number;
}

interface ParsedOptions {
  cert?: string;
  state: string;
  p2pPorts: Ports;
  announce?: AnnouncedAddress;
  giveUpAfter?: number;
  peerPatience?: number;
  lang?: Language;
}

const FREE_PORTS: Ports = { gamePort: 0, pingPort: 0 };

/** Throws commander's CommanderError for bad usage and for `--help`. */
export function readArguments(
  args: string[],
  environment: Record<string, string | undefined>,
): ClientArguments {
  const program = new Command(typedCommand("client"))
    .description("Play tic-tac-toe: a prompt at a server, matches directly between the players.")
    .argument(
      "[host]",
      "the server's address or name, or those of all servers of a game: a:3000,b:3000",
      "127.0.0.1",
    )
    .argument("[port]", "the server's main port", port, 3000)
    .option("--cert <file>", "the server's certificate (PEM); otherwise the first one it shows is trusted")
    .option(
      "--state <folder>",
      "where logins, matches and certificates are saved",
      defaultStateFolder(environment, process.platform),
    )
    .option(
      "--p2p-ports <A,B>",
      "ports to listen on when invited: moves, delay (default: free ones)",
      readPorts,
      FREE_PORTS,
    )
    .option(
      "--announce <host[:A,B]>",
      "address (and ports) that opponents are told to dial instead",
      readAnnounced,
    )
    .option(
      "--give-up-after <seconds>",
      "how long to try to reach a lost server (default: 180)",
      milliseconds,
    )
    .option("--peer-patience <seconds>", "how long to wait for a lost opponent (default: 180)", milliseconds)
    .addOption(
      new Option(
        "--lang <language>",
        "the language of the prompt (default: that of the environment)",
      ).choices(Object.keys(languages)),
    )
    .version(programVersion(), "--version", "print the version")
    .exitOverride()
    .parse(args, { from: "user" });
  const options = program.opts<ParsedOptions>();
  const [host, mainPort] = program.processedArgs as [string, number];
  const servers = readServerAddresses(host, mainPort);
  if (!servers)
    return program.error(`error: "${host}" is not a server: write it like example.org or a:3000,b:3000`);
  const [server, ...otherServers] = servers;
  return {
    client: {
      server,
      otherServers,
      gamePort: options.p2pPorts.gamePort,
      pingPort: options.p2pPorts.pingPort,
      announced: options.announce,
      serverPatienceMs: options.giveUpAfter,
      peerPatienceMs: options.peerPatience,
    },
    certificateFile: options.cert ?? null,
    stateFolder: options.state,
    language: options.lang ?? languageOf(environment),
  };
}

function milliseconds(text: string): number {
  return positive(text) * 1_000;
}

function readPorts(text: string): Ports {
  const [first, second, ...others] = text.split(",");
  if (first === undefined || second === undefined || others.length > 0)
    throw new InvalidArgumentError("Two ports are written like 4000,4001.");
  const ports = { gamePort: port(first), pingPort: port(second) };
  if (ports.gamePort === ports.pingPort) throw new InvalidArgumentError("The two ports must differ.");
  return ports;
}

function readAnnounced(text: string): AnnouncedAddress {
  const [, written = "", ports] = /^(.+?)(?::(\d+,\d+))?$/.exec(text) ?? [];
  const host = written.replace(/^\[(.*)\]$/, "$1");
  if (!isIPv6(host) && !/^[\w.-]+$/.test(host))
    throw new InvalidArgumentError("Write it like example.org or example.org:4000,4001.");
  return ports === undefined ? { host } : { host, ...readPorts(ports) };
}
