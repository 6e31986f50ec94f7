import { defineScenario, eventAfterOutage, eventHappened } from "fiel";
import { allEndedWell, bothSee, forBoth, MOVES, meet, part, play, seeAlanWin } from "./shared/match.ts";
import { flows, messages, startClient, startServer } from "./shared/velha.ts";

/** 3 minutes by default. */
const GIVE_UP_AFTER_MS = 4_000;

export default defineScenario({
  name: "server-crash-long",
  title: "The server stays away past the limit",
  description:
    "The server is killed (`kill -9`) and stays away for longer than clients try to reconnect (here 4 s): they say so, the match is played to its end, and `reconnect` delivers the result, 15 s.",
  durationSeconds: 15,
  flows,
  messages,
  async run(context) {
    const args = ["--give-up-after", `${GIVE_UP_AFTER_MS / 1_000}`];
    context.phase("start");
    const server = await startServer(context);
    const alan = await startClient(context, "alan", server.port, { args });
    const beto = await startClient(context, "beto", server.port, { args });
    const players = { alan, beto };
    await meet(context, players);

    context.phase("match");
    await play(context, players, { to: 2 });
    await context.pause(500);
    server.program.signal("SIGKILL");
    const outage = context.outage("server away");
    await server.program.ended();
    await bothSee(players, /^The server did not come back/);
    await play(context, players, { from: 2 });
    await bothSee(players, /^The result is kept/);

    context.phase("recovery");
    const restarted = await startServer(context, { again: server });
    outage.end();
    for (const player of [alan, beto]) {
      await context.pause(500);
      player.type("reconnect");
      await player.sees(/^The server is back/);
    }
    await seeAlanWin(players);
    await part(context, [beto, alan], restarted);
  },
  checks: [
    ...allEndedWell,
    eventHappened("login", 2),
    eventHappened("move", MOVES.length),
    eventHappened("server-away", 2),
    eventHappened("gave-up", 2),
    ...forBoth((player) =>
      eventAfterOutage("gave-up", player, { of: "start", withinMs: GIVE_UP_AFTER_MS + 1_000 }),
    ),
    eventHappened("server-back", 2),
    eventHappened("result", 2),
  ],
});
