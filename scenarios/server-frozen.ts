import { eventAfterOutage, eventHappened, exitedCleanly, noResiduals } from "../harness/checks/outcome.ts";
import { defineScenario } from "../harness/scenario.ts";
import { flows, leave, signUp, startClient, startServer } from "./velha.ts";
import { declineRematch, invite, MOVES, play, seePoints } from "./velha-match.ts";

const HEARTBEAT_MS = 1_000;
const FROZEN_MS = 6_000;

export default defineScenario({
  name: "server-frozen",
  title: "The server is frozen in mid-match",
  description:
    "SIGSTOP of the server in mid-match, SIGCONT after 6 s: noticed within 2.5 heartbeats, everybody is listed once afterwards, the result counts once, 17 s.",
  durationSeconds: 17,
  flows,
  async run(context) {
    context.phase("start");
    const server = await startServer(context, { args: ["--heartbeat", `${HEARTBEAT_MS / 1_000}`] });
    const alan = await startClient(context, "alan", server.port);
    const beto = await startClient(context, "beto", server.port);
    const players = { alan, beto };
    context.phase("login");
    await signUp(alan, "alan");
    await context.pause(400);
    await signUp(beto, "beto");
    await context.pause(400);
    await invite(context, players);

    context.phase("match");
    await play(context, players, { to: 3 });
    await context.pause(500);
    server.program.signal("SIGSTOP");
    const outage = context.outage("server frozen");
    await Promise.all([alan.sees(/^The server is away/), beto.sees(/^The server is away/)]);
    await play(context, players, { from: 3 });
    await Promise.all([alan.sees(/^The result is kept/), beto.sees(/^The result is kept/)]);
    await context.until(outage.startMs + FROZEN_MS);

    context.phase("recovery");
    server.program.signal("SIGCONT");
    outage.end();
    await Promise.all([
      alan.sees(/^You won! \+2/, { withinMs: 12_000 }),
      beto.sees(/^You lost/, { withinMs: 12_000 }),
    ]);
    await Promise.all([declineRematch(alan), declineRematch(beto)]);
    await seePoints(beto, { alan: 2, beto: 0 });
    // Connections that were given up in the meantime have had two and a half intervals to be missed.
    await context.pause(3 * HEARTBEAT_MS);
    alan.type("list");
    await alan.sees(/^\s+beto\s+free/);
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
    eventAfterOutage("server-away", "alan", { of: "start", withinMs: 2.5 * HEARTBEAT_MS + 500 }),
    eventAfterOutage("server-away", "beto", { of: "start", withinMs: 2.5 * HEARTBEAT_MS + 500 }),
    eventAfterOutage("server-back", "alan", { of: "end", withinMs: 11_000 }),
    eventAfterOutage("server-back", "beto", { of: "end", withinMs: 11_000 }),
    eventHappened("listed", 2, "alan"),
    eventHappened("result", 2),
    noResiduals(),
  ],
});
