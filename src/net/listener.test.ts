import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadOrMakeCertificate } from "../server/certificate/certificate.ts";
import { type Listener, listenPlain, listenTls } from "./listener.ts";

let folder: string;
let listener: Listener;
let begun: string[];
let over: number;
let failed: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "velha-listener-"));
  const certificate = await loadOrMakeCertificate(folder);
  [begun, over, failed] = [[], 0, []];
  listener = await listenTls(
    { host: "127.0.0.1", port: 0 },
    certificate,
    {
      maxLineBytes: 4_096,
      handshakeMs: 150,
      onHandshake: (address) => {
        begun.push(address);
        return () => void over++;
      },
      onHandshakeFailed: (address, code) => failed.push(`${address} ${code}`),
    },
    () => {
      throw new Error("no handshake was finished");
    },
  );
});
afterAll(async () => {
  await listener.close(0);
  await rm(folder, { recursive: true });
});

it("closes a connection whose handshake takes too long, however it trickles in", async () => {
  const socket = connect({ host: "127.0.0.1", port: listener.port });
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(Buffer.from("1603010200010001fc0303", "hex"));
  const trickle = setInterval(() => socket.write(Buffer.of(0)), 20);
  // Not `once`: whether it ends with a reset is a matter of timing.
  await new Promise((resolve) => socket.resume().once("close", resolve));
  clearInterval(trickle);
  expect(begun).toEqual(["127.0.0.1"]);
  expect(failed).toEqual(["127.0.0.1 ERR_TLS_HANDSHAKE_TIMEOUT"]);
  await expect.poll(() => over).toBe(1);
});

it("keeps two handshakes apart that differ in the server's address alone", async () => {
  const certificate = await loadOrMakeCertificate(folder);
  const ended: string[] = [];
  const everywhere = await listenTls(
    { host: "0.0.0.0", port: 0 },
    certificate,
    { maxLineBytes: 4_096, handshakeMs: 150, onHandshake: () => () => void ended.push("over") },
    () => {},
  );
  const from = { port: everywhere.port, localAddress: "127.0.0.1" };
  const one = connect({ ...from, host: "127.0.0.1" });
  await once(one, "connect");
  const two = connect({ ...from, host: "127.0.0.2", localPort: one.localPort as number });
  await once(two, "connect");
  for (const socket of [one, two]) socket.destroy();
  await expect.poll(() => ended).toEqual(["over", "over"]);
  await everywhere.close(0);
});

it("survives a client that resets its connection before it is opened", async () => {
  let arrive: () => void = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const plain = await listenPlain({ host: "127.0.0.1", port: 0 }, { maxLineBytes: 4_096 }, () => arrive());
  const socket = connect({ host: "127.0.0.1", port: plain.port });
  await arrived;
  socket.resetAndDestroy();
  // An error that nobody listens for would end the test's process before this resolves.
  await plain.close(60_000);
});

it("ends a TLS connection that asks for another handshake", async () => {
  const server = await listenTls(
    { host: "127.0.0.1", port: 0 },
    await loadOrMakeCertificate(folder),
    { maxLineBytes: 4_096 },
    (open) => {
      open({ onLine() {}, onMalformed() {}, onClose() {} });
    },
  );
  const client = connectTls({
    host: "127.0.0.1",
    port: server.port,
    rejectUnauthorized: false,
    maxVersion: "TLSv1.2",
  });
  client.on("error", () => {});
  await once(client, "secureConnect");
  client.renegotiate({ rejectUnauthorized: false }, () => {});
  await new Promise((resolve) => client.resume().once("close", resolve));
  await server.close(0);
});
