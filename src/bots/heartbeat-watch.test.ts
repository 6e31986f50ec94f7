import { expect, it } from "vitest";
import type { Network } from "../client/world.ts";
import type { Connection, DialHandlers } from "../net/dial.ts";
import { ManualClock } from "../shared/clock/manual-clock.fixture.ts";
import { watchHeartbeats } from "./heartbeat-watch.ts";

function watched() {
  const clock = new ManualClock();
  const lateMs: number[] = [];
  const heard: string[] = [];
  let receive: DialHandlers["onLine"] = () => {};
  const network = {
    dial(_options, handlers) {
      receive = (line) => handlers.onLine(line);
      return {} as Connection;
    },
  } as Network;
  const options = { host: "127.0.0.1", port: 1, maxLineBytes: 100, timeoutMs: 1 };
  watchHeartbeats(network, clock, (late) => lateMs.push(late)).dial(options, {
    onOpen() {},
    onLine: (line) => void heard.push(line),
    onMalformed() {},
    onClose() {},
  });
  const after = (ms: number, line: string) => {
    clock.advance(ms);
    void receive(line);
  };
  return { after, lateMs, heard };
}

it("the lateness of a ping counts from the ping before and the announced interval", () => {
  const { after, lateMs } = watched();
  after(0, "heartbeatACK;100");
  after(130, "ping;1");
  after(100, "ping;2");
  after(103, "ping;3");
  after(98, "ping;4");
  expect(lateMs).toEqual([0, 3, 0]);
});

it("pings between players are not counted, and every line is passed on to the client", () => {
  const { after, lateMs, heard } = watched();
  after(0, "ping;1");
  after(500, "ping;2");
  expect(lateMs).toEqual([]);
  expect(heard).toEqual(["ping;1", "ping;2"]);
});
