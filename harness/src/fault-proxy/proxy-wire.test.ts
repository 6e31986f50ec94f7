// The proxy in its own process, as a scenario uses it.
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterEach, expect, it } from "vitest";
import { fakeCaretaker } from "../leftovers/caretaker.fixture.ts";
import { isRunning } from "../programs/processes.fixture.ts";
import { ProxyWire } from "./proxy-wire.ts";

const HOST = "127.0.0.1";
const groups = new Set<number>();
const open = (port: number, target = port) =>
  ProxyWire.open(
    { id: "wire", listen: { host: HOST, port }, target: { host: HOST, port: target }, seed: 1 },
    fakeCaretaker(groups),
  );

const echo = createServer((socket) => socket.on("error", () => {}).pipe(socket));

afterEach(() => {
  echo.close();
  expect(groups).toEqual(new Set());
});

it("A wire runs in a process that is gone after stop, and reports what it relayed", async () => {
  echo.listen(0, HOST);
  await once(echo, "listening");
  const wire = await open(0, (echo.address() as AddressInfo).port);
  const [pid] = groups;
  const socket = connect(wire.port, HOST).on("error", () => {});
  socket.write("hello\n");
  expect(String((await once(socket, "data"))[0])).toBe("hello\n");
  await wire.delay({ ms: 5, firstLine: /^hello/ });
  await wire.silence({ firstLine: /^nobody/ });
  socket.write("again\n");
  expect(String((await once(socket, "data"))[0])).toBe("again\n");
  await wire.heal();
  const isClosed = new Promise((closed) => socket.on("close", closed));
  await wire.cut({ firstLine: /^hello/ });
  await isClosed;
  const counts = { receivedBytes: 12, sentBytes: 12 };
  expect(await wire.stop()).toMatchObject([{ dialerToAcceptor: counts, acceptorToDialer: counts }]);
  expect(isRunning(pid!)).toBe(false);
});

it("A wire that cannot listen says why, and leaves no process", async () => {
  echo.listen(0, HOST);
  await once(echo, "listening");
  const { port } = echo.address() as AddressInfo;
  await expect(open(port)).rejects.toThrow(/the fault proxy "wire" could not listen: .*EADDRINUSE/);
});
