// The bots program: players without a prompt. So far one kind, `--opponent`.
import { randomBytes } from "node:crypto";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { realWorld } from "../client/real-world.ts";
import { trustFile, trustInMemory } from "../client/trust.ts";
import { Opponent } from "./opponent.ts";

const BAD_USAGE = 2;
const EXIT_LIMIT_MS = 2_000;
const DEFAULT_NAME = "bot";

interface BotOptions {
  opponent?: boolean;
  name?: string;
  password?: string;
  cert?: string;
}

async function main(): Promise<number> {
  const program = new Command("npm run bots --")
    .description("Players without a prompt. --opponent accepts every invitation, until Ctrl-C.")
    .argument("[host]", "the server's address or name", "127.0.0.1")
    .argument("[port]", "the server's main port", readPort, 3000)
    .option("--opponent", "one player who accepts every invitation and plays well")
    .option("--name <user>", `the player's name (default: ${DEFAULT_NAME}, or one like it)`)
    .option("--password <password>", "the player's password (default: a new one for a new user)")
    .option("--cert <file>", "the server's certificate (PEM); otherwise the first one it shows is trusted")
    .exitOverride()
    .parse(process.argv.slice(2), { from: "user" });
  const { opponent: isOpponent, name, password, cert } = program.opts<BotOptions>();
  if (!isOpponent) program.error("error: say what the bots shall be: --opponent");
  const [host, port] = program.processedArgs as [string, number];

  const world = realWorld(cert === undefined ? trustInMemory(Date.now) : trustFile(cert, Date.now));
  const outcome = await new Promise<{ ok: true } | { ok: false; text: string }>((resolve) => {
    const opponent = new Opponent(
      world,
      {
        client: { server: { host, port }, gamePort: 0, pingPort: 0 },
        name: name ?? DEFAULT_NAME,
        password: password ?? randomBytes(18).toString("base64url"),
        isNameFixed: name !== undefined,
      },
      {
        say: (line) => console.log(line),
        onEnd: (end) => void opponent.leave().then(() => resolve(end)),
      },
    );
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => void opponent.leave().then(() => resolve({ ok: true })));
    }
    opponent.start();
  });
  if (!outcome.ok) console.error(outcome.text);
  else console.log("Goodbye");
  return outcome.ok ? 0 : 1;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError("A port is a number from 1 to 65535.");
  return port;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : BAD_USAGE;
  } else {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
// Sockets close in good order by themselves; whatever else might still hold the process does not.
setTimeout(() => process.exit(), EXIT_LIMIT_MS).unref();
