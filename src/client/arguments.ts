// The client's command line.
import { isIPv6 } from "node:net";
import { Command, Help, type HelpConfiguration, InvalidArgumentError, Option } from "commander";
import { port, positive } from "../shared/command-line/numbers.ts";
import { programVersion } from "../shared/command-line/program-version.ts";
import { typedCommand } from "../shared/command-line/typed-command.ts";
import type { ClientOptions } from "./client.ts";
import { readServerAddresses } from "./server-addresses.ts";
import type { AnnouncedAddress } from "./session/event.ts";
import { defaultStateFolder } from "./state-folder.ts";
import { type CommandLineTexts, commandLineTexts } from "./texts/command-line.ts";
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
  const texts = commandLineTexts[languageIn(args) ?? languageOf(environment)];
  const program = new Command(typedCommand("client"))
    .description(texts.description)
    .argument("[host]", texts.host, "127.0.0.1")
    .argument("[port]", texts.port, port, 3000)
    .option("--cert <file>", texts.cert)
    .option("--state <folder>", texts.state, defaultStateFolder(environment, process.platform))
    .option("--p2p-ports <A,B>", texts.p2pPorts, readPorts, FREE_PORTS)
    .option("--announce <host[:A,B]>", texts.announce, readAnnounced)
    .option("--give-up-after <seconds>", texts.giveUpAfter, milliseconds)
    .option("--peer-patience <seconds>", texts.peerPatience, milliseconds)
    .addOption(new Option("--lang <language>", texts.lang).choices(Object.keys(languages)))
    .version(programVersion(), "--version", texts.version)
    .helpOption("-h, --help", texts.help)
    .configureHelp(inLanguage(texts))
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

/** The language that `--lang` asks for; needed before the command line is parsed, for `--help`. */
function languageIn(args: readonly string[]): Language | undefined {
  const [, inline] = /^--lang=(.*)$/.exec(args.find((arg) => arg.startsWith("--lang=")) ?? "") ?? [];
  const asked = inline ?? args[args.indexOf("--lang") + 1];
  return (Object.keys(languages) as Language[]).find((language) => language === asked);
}

/** How commander writes the help. */
function inLanguage({ instead }: CommandLineTexts): HelpConfiguration {
  const plain = new Help();
  const translated = (text: string) =>
    Object.entries(instead).reduce((result, [word, own]) => result.replace(word, own), text);
  return {
    styleTitle: translated,
    styleUsage: translated,
    optionDescription: (option) => translated(plain.optionDescription(option)),
    argumentDescription: (argument) => translated(plain.argumentDescription(argument)),
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
  const { gamePort, pingPort }: Partial<Ports> = ports === undefined ? {} : readPorts(ports);
  return { host, gamePort, pingPort };
}
