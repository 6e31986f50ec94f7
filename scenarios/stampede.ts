import { join } from "node:path";
import {
  type Check,
  defineScenario,
  eventAfterOutage,
  eventHappened,
  exitedCleanly,
  noResiduals,
} from "fiel";
import { flows, startBots, startServer } from "./shared/velha.ts";

const CLIENTS = 500;
/** Of all who come back, in the busiest half second. */
const MOST_AT_ONCE_PERCENT = 50;
const WINDOW_MS = 500;
const AWAY_MS = 3_000;
/** A thousand password hashes, which is what a slow machine is slowest at. They are not what is measured here. */
const LOGIN_WITHIN_MS = 65_000;

export default defineScenario({
  name: "stampede",
  title: "500 clients come back at once",
  description:
    "500 logged-in clients, the server killed and back after 3 s: everybody is back within 10 s, at jittered times, 30 s.",
  durationSeconds: 30,
  flows,
  async run(context) {
    context.phase("start");
    const args = ["--attempt-limits", "off", "--connections-per-address", "5000"];
    const server = await startServer(context, { args });
    const bots = await startBots(context, server, [
      ...["--clients", `${CLIENTS}`, "--ramp", "100", "--json", join(context.directory, "bots.json")],
    ]);
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
    comeBackSpreadOut(),
    noResiduals(),
  ],
});

/** The waits are jittered: the server sees its clients again over seconds, not all in one moment. */
function comeBackSpreadOut(): Check {
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
      name: `share of ${timesMs.length} that came back in the busiest ${WINDOW_MS} ms`,
      passed: timesMs.length >= CLIENTS && percent <= MOST_AT_ONCE_PERCENT,
      value: percent,
      limit: MOST_AT_ONCE_PERCENT,
      unit: "%",
      advice: "Look whether the clients still wait for times of their own before they try again.",
    };
  };
}
