import { cpuBelow, exactBytes } from "../harness/budgets.ts";
import { connectionsMade, eventHappened, exitedCleanly, noResiduals, rssBelowMb } from "../harness/checks.ts";
import { defineScenario, type Program, type ScenarioContext } from "../harness/scenario.ts";
import { flows, leave, signUp, startClient, startServer } from "./velha.ts";

/** X wins on the anti-diagonal with the seventh move. */
const MOVES = ["2 2", "1 2", "1 1", "3 3", "3 1", "2 1", "1 3"];

export default defineScenario({
  name: "match",
  title: "Two clients play a match",
  description: "Two clients log in, invite, accept and play a whole match at a person's pace, 20 s.",
  durationSeconds: 20,
  flows,
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
    await invite(context, alan, beto);

    context.phase("match");
    const paceMs = moveMs(context);
    for (const [index, move] of MOVES.entries()) {
      await context.pause(paceMs);
      const [mover, other] = index % 2 === 0 ? [alan, beto] : [beto, alan];
      await play(mover, other, move);
    }
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
    exitedCleanly("server"),
    exitedCleanly("alan"),
    exitedCleanly("beto"),
    eventHappened("login", 2),
    eventHappened("move", MOVES.length),
    eventHappened("result", 2),
    eventHappened("logout", 2),
    connectionsMade("control", 2),
    connectionsMade("heartbeat", 2),
    connectionsMade("moves", 1),
    connectionsMade("delay", 1),
    connectionsMade("other", 0),
    noResiduals(),
    rssBelowMb("server", 150),
    rssBelowMb("alan", 100),
    cpuBelow("server", 3, "match"),
    cpuBelow("alan", 5, "match"),
    // Seven moves, each signed: every field has one length.
    exactBytes("moves", 996),
  ],
});

async function invite(context: ScenarioContext, inviter: Program, invitee: Program): Promise<void> {
  inviter.type("begin beto");
  await invitee.sees(/alan invites you to a match/);
  await context.pause(1_000);
  invitee.type("y");
  await Promise.all([inviter.sees(/^Match with beto/), invitee.sees(/^Match with alan/)]);
}

async function play(mover: Program, other: Program, move: string): Promise<void> {
  mover.type(`send ${move}`);
  await Promise.all([
    mover.sees(new RegExp(`^You played ${move}`)),
    other.sees(new RegExp(` played ${move}`)),
  ]);
}

async function declineRematch(client: Program): Promise<void> {
  await client.sees(/Rematch\?/i);
  client.type("n");
}

async function logout(client: Program): Promise<void> {
  client.type("logout");
  await client.sees(/^Logged out/);
}

/** A person's thinking; less in a shorter run. */
function moveMs({ durationMs }: ScenarioContext): number {
  return Math.min(1_250, durationMs / 16);
}
