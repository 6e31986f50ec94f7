import {
  connectionsMade,
  cpuBelow,
  defineScenario,
  eventHappened,
  exactBytes,
  exactPayload,
  exactPayloadEach,
  neverShows,
  rssBelowMb,
  type ScenarioContext,
} from "fiel";
import { allEndedWell, declineRematch, invite, logout, MOVES, play } from "./shared/match.ts";
import { flows, leave, messages, signUp, startClient, startServer } from "./shared/velha.ts";

export default defineScenario({
  name: "match",
  title: "Two clients play a match",
  description:
    "Two clients log in, one invites the other, and they play a whole match at a person's pace, 20 s.",
  durationSeconds: 20,
  flows,
  messages,
  async run(context) {
    context.phase("start");
    const server = await startServer(context);
    const alan = await startClient(context, "alan", server.port);
    const beto = await startClient(context, "beto", server.port);

    context.phase("login");
    await context.pause(1_000);
    await signUp(alan, "alan");
    await context.pause(1_000);
    await signUp(beto, "beto");

    context.phase("invitation");
    await context.pause(1_000);
    await invite(context, { alan, beto });

    context.phase("match");
    await play(context, { alan, beto }, { paceMs: moveMs(context), asksDelay: true });
    await Promise.all([alan.sees(/^You won\b/), beto.sees(/^You lost\b/)]);

    context.phase("logout");
    await Promise.all([declineRematch(alan), declineRematch(beto)]);
    await context.pause(1_000);
    await logout(alan);
    await logout(beto);
    await context.until(context.durationMs - 500);

    context.phase("stop");
    await leave(beto);
    await leave(alan);
    await server.program.stop();
  },
  checks: [
    ...allEndedWell,
    eventHappened("login", 2),
    eventHappened("move", MOVES.length),
    eventHappened("result", 2),
    eventHappened("logout", 2),
    connectionsMade("control", 2),
    connectionsMade("heartbeat", 2),
    connectionsMade("moves", 1),
    connectionsMade("delay", 1),
    connectionsMade("other", 0),
    neverShows("passwords, tokens and keys", /-secret|[\w-]{43,}/),
    rssBelowMb("server", 150),
    rssBelowMb("alan", 100),
    cpuBelow("server", 3, "match"),
    cpuBelow("alan", 5, "match"),
    // Seven signed moves: the length of every field is fixed.
    exactBytes("moves", 996),
    exactPayload("play", 686),
    exactPayload("begin", 11),
    exactPayload("invite", 12),
    exactPayload("answer", 332),
    exactPayload("answerACK", 289),
    exactPayload("result", 1_835),
    // Their number depends on the duration. The tenth, after 100 s, would be one byte longer.
    exactPayloadEach("ping", 7, "heartbeat"),
    exactPayloadEach("pong", 7, "heartbeat"),
  ],
});

/** How long a person thinks; less in a shorter run. */
function moveMs({ durationMs }: ScenarioContext): number {
  return Math.min(1_250, durationMs / 16);
}
