import { connectionsMade, defineScenario, eventHappened, proxiesAgree } from "fiel";
import { allEndedWell, MOVES, meet, part, play, seeAlanWin } from "./shared/match.ts";
import { options } from "./shared/programs.ts";
import { flows, messages, startClient, startServer } from "./shared/velha.ts";

const AWAY_MS = 2_000;

export default defineScenario({
  name: "link-loss",
  title: "The players lose their link",
  description:
    "In mid-match the link for moves is reset, then silent, then the link for delay is reset: the players are told, the clients reconnect, and no move is lost or played twice, 14 s.",
  durationSeconds: 14,
  flows,
  messages,
  async run(context) {
    context.phase("start");
    const server = await startServer(context);
    const [movesPort, delayPort] = [await context.freePort(), await context.freePort()];
    const moves = await context.proxy({ id: "moves-wire", to: { port: movesPort } });
    const delay = await context.proxy({ id: "delay-wire", to: { port: delayPort } });
    const alan = await startClient(context, "alan", server.port);
    const beto = await startClient(context, "beto", server.port, {
      args: options({
        "p2p-ports": `${movesPort},${delayPort}`,
        announce: `127.0.0.1:${moves.port},${delay.port}`,
      }),
    });
    const players = { alan, beto };
    await meet(context, players);

    context.phase("first moves");
    await play(context, players, { to: 2 });
    await context.pause(500);
    const cut = context.outage("moves reset");
    // Attempts to reconnect get through only after `heal`.
    await moves.silence();
    await moves.cut();
    await Promise.all([alan.sees(/^No connection to beto/), beto.sees(/^No connection to alan/)]);
    alan.type("send 1 1");
    await alan.sees(/^You played 1 1/);
    await context.until(cut.startMs + AWAY_MS);
    await moves.heal();
    cut.end();
    await Promise.all([
      alan.sees(/^beto is connected again/, { withinMs: 15_000 }),
      beto.sees(/^alan is connected again/, { withinMs: 15_000 }),
    ]);
    await beto.sees(/^alan played 1 1/);

    context.phase("link back");
    await context.pause(500);
    const silent = context.outage("moves silent");
    await moves.silence();
    beto.type("send 3 3");
    await beto.sees(/^You played 3 3/);
    await context.until(silent.startMs + AWAY_MS);
    await moves.heal();
    silent.end();
    await alan.sees(/^beto played 3 3/);

    await context.pause(500);
    const delayCut = context.outage("delay reset");
    await delay.silence();
    await delay.cut();
    await play(context, players, { from: 4, to: 6 });
    await context.until(delayCut.startMs + AWAY_MS);
    await delay.heal();
    delayCut.end();

    context.phase("end");
    await play(context, players, { from: 6 });
    await seeAlanWin(players);
    await part(context, [beto, alan], server);
  },
  checks: [
    ...allEndedWell,
    eventHappened("move", MOVES.length),
    // Once, for the link for moves; a silence that ends and the link for delay are not noticed.
    eventHappened("link-lost", 2),
    eventHappened("link-back", 2),
    eventHappened("result", 2),
    connectionsMade("control", 2),
    proxiesAgree(),
  ],
});
