import { defineScenario, eventAfterOutage, eventHappened } from "fiel";
import { allEndedWell, bothSee, forBoth, MOVES, meet, part, play, seeAlanWin } from "./shared/match.ts";
import { flows, messages, startClient, startServer } from "./shared/velha.ts";

const HEARTBEAT_MS = 1_000;
const FROZEN_MS = 6_000;

export default defineScenario({
  name: "server-frozen",
  title: "The server is frozen in mid-match",
  description:
    "The server is stopped in mid-match (SIGSTOP) and continues after 6 s (SIGCONT): clients notice within 2.5 heartbeats, everybody is listed once afterwards, and the result counts once, 17 s.",
  durationSeconds: 17,
  flows,
  messages,
  async run(context) {
    context.phase("start");
    const server = await startServer(context, { args: ["--heartbeat", `${HEARTBEAT_MS / 1_000}`] });
    const alan = await startClient(context, "alan", server.port);
    const beto = await startClient(context, "beto", server.port);
    const players = { alan, beto };
    await meet(context, players);

    context.phase("match");
    await play(context, players, { to: 3 });
    await context.pause(500);
    server.program.signal("SIGSTOP");
    const outage = context.outage("server frozen");
    await bothSee(players, /^The server is away/);
    await play(context, players, { from: 3 });
    await bothSee(players, /^The result is kept/);
    await context.until(outage.startMs + FROZEN_MS);

    context.phase("recovery");
    server.program.signal("SIGCONT");
    outage.end();
    await seeAlanWin(players, { withinMs: 12_000 });
    // By then the server has closed the connections that clients gave up: they missed two and a half heartbeats.
    await context.pause(3 * HEARTBEAT_MS);
    alan.type("list");
    await alan.sees(/^\s+beto\s+free/);
    await part(context, [beto, alan], server);
  },
  checks: [
    ...allEndedWell,
    eventHappened("move", MOVES.length),
    ...forBoth((player) =>
      eventAfterOutage("server-away", player, { of: "start", withinMs: 2.5 * HEARTBEAT_MS + 500 }),
    ),
    ...forBoth((player) => eventAfterOutage("server-back", player, { of: "end", withinMs: 11_000 })),
    eventHappened("listed", 2, "alan"),
    eventHappened("result", 2),
  ],
});
