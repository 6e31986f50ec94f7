import { join } from "node:path";
import {
  type Check,
  defineScenario,
  eventAfterOutage,
  eventHappened,
  exitedCleanly,
  noResiduals,
  timing,
} from "fiel";
import { registerCrowd } from "./shared/crowd.ts";
import { options } from "./shared/programs.ts";
import { flows, startBots, startServer } from "./shared/velha.ts";

const CLIENTS = 500;
/** The most that may reconnect in the busiest half second. */
const MOST_AT_ONCE_PERCENT = 50;
const WINDOW_MS = 500;
const AWAY_MS = 3_000;
/** A slow machine takes long for 500 logins, which are not what is measured here. */
const LOGIN_WITHIN_MS = 65_000;

export default defineScenario({
  name: "stampede",
  title: "500 clients reconnect at the same time",
  description:
    "500 clients are logged in; the server is killed and restarted after 3 s: everybody is back within 10 s, at jittered times, 30 s.",
  durationSeconds: 30,
  flows,
  async run(context) {
    context.phase("accounts");
    await registerCrowd(context, CLIENTS);
    context.phase("start");
    const args = ["--attempt-limits", "off", "--connections-per-address", "5000"];
    const server = await startServer(context, { args });
    const json = join(context.directory, "bots.json");
    const bots = await startBots(
      context,
      server,
      options({ clients: CLIENTS, registered: true, ramp: 100, json }),
    );
    context.phase("login");
    await bots.sees(/^500 of 500 clients are logged in/, { withinMs: LOGIN_WITHIN_MS });
    await context.pause(1_000);

    context.phase("crash");
    server.program.signal("SIGKILL");
    const outage = context.outage("away");
    await server.program.ended();
    await context.until(outage.startMs + AWAY_MS);
    const restarted = await startServer(context, { again: server, args });
    outage.end();

    context.phase("stampede");
    await bots.sees(/^Everybody is back/, { withinMs: 30_000 });
    context.phase("end");
    await context.pause(1_000);
    bots.signal("SIGTERM");
    await bots.ended();
    await restarted.program.stop();
  },
  checks: [
    exitedCleanly("server"),
    exitedCleanly("bots"),
    eventHappened("everybody-in", 1),
    eventHappened("everybody-back", 1),
    eventAfterOutage("everybody-back", "bots", { of: "end", withinMs: 10_000 }),
    timing(reconnectSpreadOut()),
    noResiduals(),
  ],
});

/** The waits are jittered, so that the clients reconnect over seconds, not all in one moment. */
function reconnectSpreadOut(): Check {
  return ({ sockets, outages = [] }) => {
    const fromMs = outages[0]?.startMs ?? 0;
    const timesMs = sockets
      .filter(({ processId, flow }) => processId === "server" && flow === "control")
      .map(({ openedAtMs }) => openedAtMs)
      .filter((timeMs) => timeMs > fromMs);
    const counts = timesMs.map(
      (startMs) => timesMs.filter((timeMs) => timeMs >= startMs && timeMs < startMs + WINDOW_MS).length,
    );
    const percent = Math.round((100 * Math.max(0, ...counts)) / Math.max(1, timesMs.length));
    return {
      name: `share of ${timesMs.length} that reconnected in the busiest ${WINDOW_MS} ms`,
      passed: timesMs.length >= CLIENTS && percent <= MOST_AT_ONCE_PERCENT,
      value: percent,
      limit: MOST_AT_ONCE_PERCENT,
      unit: "%",
      advice: "Check that each client still waits for a random time before it tries again.",
    };
  };
}
