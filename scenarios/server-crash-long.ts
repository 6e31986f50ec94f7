import { eventAfterOutage, eventHappened, exitedCleanly, noResiduals } from "../harness/checks/outcome.ts";
import { defineScenario } from "../harness/scenario.ts";
import { flows, leave, signUp, startClient, startServer } from "./velha.ts";
import { declineRematch, invite, MOVES, play, seePoints } from "./velha-match.ts";

/** In place of 3 minutes. */
const GIVE_UP_AFTER_MS = 4_000;

export default defineScenario({
  name: "server-crash-long",
  title: "The server stays away past the limit",
  description:
    "kill -9 of the server, away for longer than clients try (here 4 s): they say so, the match is played to its end, `reconnect` brings the result, 15 s.",
  durationSeconds: 15,
  flows,
  async run(context) {
    const args = ["--give-up-after", `${GIVE_UP_AFTER_MS / 1_000}`];
    context.phase("start");
    const server = await startServer(context);
    const alan = await startClient(context, "alan", server.port, { args });
    const beto = await startClient(context, "beto", server.port, { args });
    const players = { alan, beto };
    context.phase("login");
    await signUp(alan, "alan");
    await context.pause(400);
    await signUp(beto, "beto");
    await context.pause(400);
    await invite(context, players);

    context.phase("match");
    await play(context, players, { to: 2 });
    await context.pause(500);
    server.program.signal("SIGKILL");
    const outage = context.outage("server away");
    await server.program.ended();
    await Promise.all([
      alan.sees(/^The server did not come back/),
      beto.sees(/^The server did not come back/),
    ]);
    await play(context, players, { from: 2 });
    await Promise.all([alan.sees(/^The result is kept/), beto.sees(/^The result is kept/)]);

    context.phase("recovery");
    const restarted = await startServer(context, { again: server });
    outage.end();
    for (const player of [alan, beto]) {
      await context.pause(500);
      player.type("reconnect");
      await player.sees(/^The server is back/);
    }
    await Promise.all([alan.sees(/^You won! \+2/), beto.sees(/^You lost/)]);
    await Promise.all([declineRematch(alan), declineRematch(beto)]);
    await seePoints(beto, { alan: 2, beto: 0 });
    await context.until(context.durationMs - 1_000);

    context.phase("stop");
    await leave(beto);
    await leave(alan);
    await restarted.program.stop();
  },
  checks: [
    exitedCleanly("server"),
    exitedCleanly("alan"),
    exitedCleanly("beto"),
    eventHappened("login", 2),
    eventHappened("move", MOVES.length),
    eventHappened("server-away", 2),
    eventHappened("gave-up", 2),
    eventAfterOutage("gave-up", "alan", { of: "start", withinMs: GIVE_UP_AFTER_MS + 1_000 }),
    eventAfterOutage("gave-up", "beto", { of: "start", withinMs: GIVE_UP_AFTER_MS + 1_000 }),
    eventHappened("server-back", 2),
    eventHappened("result", 2),
    noResiduals(),
  ],
});
