import {
  connectionsMade,
  cpuBelow,
  defineScenario,
  eventHappened,
  exitedCleanly,
  idleBytesPerSecondBelow,
  rssBelowMb,
} from "fiel";
import { flows, messages, startServer } from "./shared/velha.ts";

export default defineScenario({
  name: "server",
  title: "The server alone",
  description: "The idle server without clients: its memory and CPU, 10 s.",
  durationSeconds: 10,
  flows,
  messages,
  async run(context) {
    context.phase("start");
    const server = await startServer(context);
    context.phase("idle");
    await context.until(context.durationMs);
    context.phase("stop");
    await server.program.stop();
  },
  checks: [
    exitedCleanly("server"),
    eventHappened("listening", 1),
    connectionsMade("control", 0),
    rssBelowMb("server", 150),
    cpuBelow("server", 3, "idle"),
    idleBytesPerSecondBelow(1),
  ],
});
