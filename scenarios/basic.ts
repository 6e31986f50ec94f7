import {
  connectionsMade,
  cpuBelow,
  defineScenario,
  eventHappened,
  exactBytes,
  exactPayload,
  idleBytesPerSecondBelow,
  latencyBelow,
  rssBelowMb,
} from "fiel";
import { allEndedWell } from "./shared/match.ts";
import { flows, leave, messages, signUp, startClient, startServer } from "./shared/velha.ts";

export default defineScenario({
  name: "basic",
  title: "Two clients, logged in and idle",
  description: "Two clients connect and log in, then stay idle, 10 s.",
  durationSeconds: 10,
  flows,
  messages,
  async run(context) {
    context.phase("start");
    const server = await startServer(context);
    const alan = await startClient(context, "alan", server.port);
    const beto = await startClient(context, "beto", server.port);
    context.phase("login");
    await signUp(alan, "alan");
    await context.pause(500);
    await signUp(beto, "beto");
    await context.pause(500);
    context.phase("idle");
    await context.until(context.durationMs);
    context.phase("stop");
    await leave(beto);
    await leave(alan);
    await server.program.stop();
  },
  checks: [
    ...allEndedWell,
    eventHappened("login", 2),
    connectionsMade("control", 2),
    connectionsMade("heartbeat", 2),
    connectionsMade("other", 0),
    rssBelowMb("server", 150),
    rssBelowMb("alan", 100),
    cpuBelow("server", 3, "idle"),
    cpuBelow("alan", 3, "idle"),
    latencyBelow("adduser", "login", 1_000),
    // Every port has five digits here, so the length of each message is fixed.
    exactBytes("control", 100),
    exactPayload("login", 134),
    exactPayload("loginACK", 116),
    idleBytesPerSecondBelow(20),
  ],
});
