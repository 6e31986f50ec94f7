import { defineScenario, eventAfterOutage, eventHappened, exitedCleanly, type ScenarioContext } from "fiel";
import { allEndedWell, bothSee, forBoth, MOVES, meet, part, play, seeAlanWin } from "./shared/match.ts";
import { flows, messages, type Server, startClient, startServer } from "./shared/velha.ts";

const HEARTBEAT_MS = 1_000;
const AWAY_MS = 6_000;
/** Two and a half intervals, and the time a busy machine needs to print it. */
const NOTICED_WITHIN_MS = 2.5 * HEARTBEAT_MS + 500;

export default defineScenario({
  name: "network-loss",
  title: "The server loses its network",
  description:
    "The server's link goes down in mid-match, without FIN or RST, and comes up after 6 s: both sides notice within 2.5 heartbeats, no disconnected player is listed, and the result counts once, 16 s.",
  durationSeconds: 16,
  flows,
  messages,
  async run(context) {
    context.phase("start");
    const network = await losableNetwork(context);
    const { server, host } = network;
    const alan = await startClient(context, "alan", server.port, { host });
    const beto = await startClient(context, "beto", server.port, { host });
    const carol = await network.startUnaffected("carol");
    const players = { alan, beto };
    await meet(context, players);

    context.phase("match");
    await play(context, players, { to: 3 });
    await context.pause(500);
    const outage = context.outage(network.outage);
    await network.lose();
    await bothSee(players, /^The server is away/);
    await play(context, players, { from: 3 });
    await bothSee(players, /^The result is kept/);
    carol.type("list");
    await carol.sees(/^Connected users/);
    await context.until(outage.startMs + AWAY_MS);

    context.phase("recovery");
    await network.restore();
    outage.end();
    await seeAlanWin(players, { withinMs: 12_000 });
    carol.type("list");
    await carol.sees(/^\s+beto\s+free/);
    await part(context, [carol, beto, alan], server);
  },
  checks: [
    ...allEndedWell,
    exitedCleanly("carol"),
    eventHappened("move", MOVES.length),
    ...forBoth((player) =>
      eventAfterOutage("server-away", player, { of: "start", withinMs: NOTICED_WITHIN_MS }),
    ),
    eventAfterOutage("heartbeat-lost", "server", { of: "start", withinMs: NOTICED_WITHIN_MS }),
    eventHappened("heartbeat-lost", 2, "server"),
    ...forBoth((player) => eventAfterOutage("server-back", player, { of: "end", withinMs: 11_000 })),
    // Nobody was listed while the players were away, both were listed afterwards.
    eventHappened("listed", 2, "carol"),
    eventHappened("result", 2),
  ],
});

interface LosableNetwork {
  server: Server;
  /** The server's address for clients that will lose it. */
  host: string;
  /** What fails, and how. */
  outage: string;
  lose(): Promise<void>;
  restore(): Promise<void>;
  /** A client that keeps its connection to the server. */
  startUnaffected(id: string): ReturnType<typeof startClient>;
}

/** A network namespace whose link really goes down; where none may be created, proxies that fall silent. */
async function losableNetwork(context: ScenarioContext): Promise<LosableNetwork> {
  const network = await context.isolatedNetwork();
  const server = await startServer(context, { network, args: ["--heartbeat", `${HEARTBEAT_MS / 1_000}`] });
  const { host, port } = server;
  const startUnaffected = (id: string) => startClient(context, id, port, { host, network });
  if (network) {
    const [lose, restore] = [() => network.down(), () => network.up()];
    return { server, host, outage: "link down (namespace)", lose, restore, startUnaffected };
  }
  // The same ports on another address, because clients expect the TLS port next to the main one.
  const elsewhere = "127.0.0.2";
  const wires = await Promise.all(
    [port, port + 1].map((one) =>
      context.proxy({ id: `wire-${one}`, to: { host, port: one }, listen: { host: elsewhere, port: one } }),
    ),
  );
  return {
    server,
    host: elsewhere,
    outage: "silence (fault proxy)",
    lose: async () => {
      for (const wire of wires) await wire.silence();
    },
    restore: async () => {
      for (const wire of wires) await wire.heal();
    },
    startUnaffected,
  };
}
