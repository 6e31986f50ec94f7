import { defineScenario, eventAfterOutage, eventHappened } from "fiel";
import { allEndedWell, meet, part, play, seePoints } from "./shared/match.ts";
import { flows, messages, startClient, startServer } from "./shared/velha.ts";

/** Both are 3 minutes by default. */
const PEER_PATIENCE_MS = 3_000;
const MATCH_PATIENCE_MS = 5_000;

export default defineScenario({
  name: "player-gone",
  title: "A player never comes back",
  description:
    "A player's client is killed for good in mid-match (`kill -9`): the opponent is told after 3 s, and the server settles the match 5 s later, 18 s.",
  durationSeconds: 18,
  flows,
  messages,
  async run(context) {
    context.phase("start");
    const server = await startServer(context, {
      args: ["--match-patience", `${MATCH_PATIENCE_MS / 1_000}`, "--heartbeat", "1"],
    });
    const args = ["--peer-patience", `${PEER_PATIENCE_MS / 1_000}`];
    const alan = await startClient(context, "alan", server.port, { args });
    const beto = await startClient(context, "beto", server.port, { args });
    await meet(context, { alan, beto });

    context.phase("match");
    await play(context, { alan, beto }, { to: 3 });
    await context.pause(500);
    beto.signal("SIGKILL");
    context.outage("beto away, for good");
    await alan.sees(/^No connection to beto/);
    await alan.sees(/^beto could not be reached for 3 s: the match is broken off/);

    context.phase("settlement");
    await alan.sees(/^The match was broken off/);
    await alan.sees(/^You won! \+2/, { withinMs: MATCH_PATIENCE_MS + 5_000 });
    await seePoints(alan, { alan: 2, beto: 0 });
    await part(context, [alan], server);
  },
  checks: [
    ...allEndedWell,
    eventAfterOutage("link-lost", "alan", { of: "start", withinMs: 1_000 }),
    eventAfterOutage("opponent-gone", "alan", { of: "start", withinMs: PEER_PATIENCE_MS + 1_000 }),
    eventHappened("abandoned", 1),
    eventAfterOutage("result", "alan", {
      of: "start",
      withinMs: PEER_PATIENCE_MS + MATCH_PATIENCE_MS + 2_000,
    }),
    eventHappened("result", 1),
  ],
});
