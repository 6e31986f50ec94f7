// How punctual the server's heartbeats are, measured by a network that also listens to heartbeat connections.
import type { Network } from "../client/world.ts";
import { parseMessage } from "../protocol/codec.ts";
import { heartbeatFromServer } from "../protocol/messages.ts";
import type { Clock } from "../shared/clock/clock.ts";

/** Calls `onPing` at each ping but the first of a connection, with how much longer than announced it took to come. */
export function watchHeartbeats(network: Network, clock: Clock, onPing: (lateMs: number) => void): Network {
  return {
    ...network,
    dial(options, handlers) {
      let intervalMs: number | null = null;
      let lastPingMs: number | null = null;
      const watch = (line: string) => {
        // Only this line begins a heartbeat connection.
        if (intervalMs === null && !line.startsWith("heartbeatACK;")) return;
        const parsed = parseMessage(heartbeatFromServer, line);
        if (!parsed.ok) return;
        const { message } = parsed;
        if (message.name === "heartbeatACK") intervalMs = message.intervalMs;
        if (message.name !== "ping" || intervalMs === null) return;
        const nowMs = clock.nowMs();
        if (lastPingMs !== null) onPing(Math.max(0, nowMs - lastPingMs - intervalMs));
        lastPingMs = nowMs;
      };
      return network.dial(options, {
        onOpen: () => handlers.onOpen(),
        onLine(line) {
          watch(line);
          return handlers.onLine(line);
        },
        onMalformed: () => handlers.onMalformed(),
        onClose: (error) => handlers.onClose(error),
      });
    },
  };
}
