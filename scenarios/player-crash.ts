import { eventHappened, exitedCleanly, noResiduals } from "../harness/checks/outcome.ts";
import { defineScenario } from "../harness/scenario.ts";
import { flows, leave, signUp, startClient, startServer } from "./velha.ts";
import { declineRematch, invite, MOVES, play, seePoints } from "./velha-match.ts";

const AWAY_MS = 3_000;

export default defineScenario({
  name: "player-crash",
  title: "A player is killed in mid-match",
  description:
    "kill -9 of the invited player in mid-match, started again after 3 s with the same state: logged in without a password, back in the match, which goes on, 14 s.",
  durationSeconds: 14,
  flows,
  async run(context) {
    context.phase("start");
    const server = await startServer(context);
    const alan = await startClient(context, "alan", server.port);
    const first = await startClient(context, "beto", server.port);
    context.phase("login");
    await signUp(alan, "alan");
    await context.pause(400);
    await signUp(first, "beto");
    await context.pause(400);
    await invite(context, { alan, beto: first });

    context.phase("match");
    await play(context, { alan, beto: first }, { to: 2 });
    await context.pause(500);
    first.signal("SIGKILL");
    const outage = context.outage("beto away");
    await alan.sees(/^No connection to beto/);
    alan.type("send 1 1");
    await alan.sees(/^You played 1 1/);
    await context.until(outage.startMs + AWAY_MS);

    context.phase("back");
    const beto = await startClient(context, "beto", server.port);
    const players = { alan, beto };
    outage.end();
    await beto.sees(/^Logged in as beto, as before/);
    await beto.sees(/^alan played 1 1/);
    await alan.sees(/^beto is connected again/);
    await play(context, players, { from: 3 });
    await Promise.all([alan.sees(/^You won! \+2/), beto.sees(/^You lost/)]);
    await Promise.all([declineRematch(alan), declineRematch(beto)]);
    await seePoints(beto, { alan: 2, beto: 0 });
    await context.until(context.durationMs - 1_000);

    context.phase("stop");
    await leave(beto);
    await leave(alan);
    await server.program.stop();
  },
  checks: [
    exitedCleanly("server"),
    exitedCleanly("alan"),
    exitedCleanly("beto"),
    eventHappened("move", MOVES.length),
    eventHappened("login", 3),
    eventHappened("match-resumed", 1, "beto"),
    eventHappened("link-back", 1, "alan"),
    eventHappened("result", 2),
    noResiduals(),
  ],
});
