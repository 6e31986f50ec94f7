import { defineScenario, eventHappened } from "fiel";
import { allEndedWell, MOVES, meet, part, play, seeAlanWin } from "./shared/match.ts";
import { flows, messages, startClient, startServer } from "./shared/velha.ts";

const AWAY_MS = 3_000;

export default defineScenario({
  name: "player-crash",
  title: "A player is killed in mid-match",
  description:
    "The invited player's client is killed in mid-match (`kill -9`) and restarted after 3 s with the same state: it is logged in without a password, and the match continues, 14 s.",
  durationSeconds: 14,
  flows,
  messages,
  async run(context) {
    context.phase("start");
    const server = await startServer(context);
    const alan = await startClient(context, "alan", server.port);
    const first = await startClient(context, "beto", server.port);
    await meet(context, { alan, beto: first });

    context.phase("match");
    await play(context, { alan, beto: first }, { to: 2 });
    await context.pause(500);
    first.signal("SIGKILL");
    const outage = context.outage("beto away");
    await alan.sees(/^No connection to beto/);
    alan.type("send 1 1");
    await alan.sees(/^You played 1 1/);
    await context.until(outage.startMs + AWAY_MS);

    context.phase("recovery");
    const beto = await startClient(context, "beto", server.port);
    const players = { alan, beto };
    outage.end();
    await beto.sees(/^Logged in as beto, as before/);
    await beto.sees(/^alan played 1 1/);
    await alan.sees(/^beto is connected again/);
    await play(context, players, { from: 3 });
    await seeAlanWin(players);
    await part(context, [beto, alan], server);
  },
  checks: [
    ...allEndedWell,
    eventHappened("move", MOVES.length),
    eventHappened("login", 3),
    eventHappened("match-resumed", 1, "beto"),
    eventHappened("link-back", 1, "alan"),
    eventHappened("result", 2),
  ],
});
