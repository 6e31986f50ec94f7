import { connectionsMade, defineScenario, eventAfterOutage, eventHappened } from "fiel";
import { allEndedWell, bothSee, forBoth, MOVES, meet, part, play, seeAlanWin } from "./shared/match.ts";
import { flows, messages, startClient, startServer } from "./shared/velha.ts";

const AWAY_MS = 5_000;

export default defineScenario({
  name: "server-crash",
  title: "The server is killed in mid-match",
  description:
    "The server is killed in mid-match (`kill -9`) and restarted after 5 s: the match ends meanwhile, and the result counts once, 15 s.",
  durationSeconds: 15,
  flows,
  messages,
  async run(context) {
    context.phase("start");
    const server = await startServer(context);
    const alan = await startClient(context, "alan", server.port);
    const beto = await startClient(context, "beto", server.port);
    const players = { alan, beto };
    await meet(context, players);

    context.phase("match");
    await play(context, players, { to: 3 });
    await context.pause(500);
    server.program.signal("SIGKILL");
    const outage = context.outage("server away");
    await server.program.ended();
    await play(context, players, { from: 3 });
    await bothSee(players, /^The result is kept/);
    alan.type("list");
    await alan.sees(/^list needs the server, which is away/);
    await context.until(outage.startMs + AWAY_MS);

    context.phase("recovery");
    const restarted = await startServer(context, { again: server });
    outage.end();
    await seeAlanWin(players);
    await part(context, [beto, alan], restarted);
  },
  checks: [
    ...allEndedWell,
    eventHappened("login", 2),
    eventHappened("move", MOVES.length),
    eventHappened("server-away", 2),
    eventHappened("crash-noticed", 1),
    ...forBoth((player) => eventAfterOutage("server-back", player, { of: "end", withinMs: 6_000 })),
    eventHappened("result", 2),
    connectionsMade("moves", 1),
    connectionsMade("delay", 1),
  ],
});
