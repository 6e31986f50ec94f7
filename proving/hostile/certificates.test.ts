// The compiled client against a false server: when its certificate has expired, or is not the remembered one, the client
// says so and sends nothing.
import { generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, expect, test } from "vitest";
import { TypedClient } from "../../src/client/terminal/typed-client.fixture.ts";
import { selfSignedCertificate } from "../../src/server/certificate/self-signed.ts";

const DAY_MS = 86_400_000;
const OTHER = Array(32).fill("AA").join(":");
const folders: string[] = [];
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

interface FalseServer {
  name: string;
  fingerprint: string;
  port: number;
  /** Bytes that clients sent to it over TLS. */
  heard(): number;
}

/** Greets as a server does, with another certificate. */
async function falseServer(validForMs: number): Promise<FalseServer> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const nowMs = Date.now();
  const values = { name: "velha", serial: randomBytes(16), notBeforeMs: nowMs - DAY_MS };
  const cert = await selfSignedCertificate(privateKey, { ...values, notAfterMs: nowMs + validForMs });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  let heardBytes = 0;
  const tls = createTlsServer({ cert, key }, (socket) => {
    socket
      .on("error", () => {})
      .on("data", (bytes) => {
        heardBytes += bytes.length;
      });
  });
  tls.on("tlsClientError", () => {});
  const tlsPort = await listening(tls);
  const main = createServer((socket) => {
    socket.on("error", () => {}).write(`secport;${tlsPort};${"A".repeat(22)}\n`);
    socket.on("data", (said) => {
      if (String(said).startsWith("heartbeat;")) socket.write("heartbeatACK;10000\n");
    });
  });
  const port = await listening(main);
  const { fingerprint256 } = new X509Certificate(cert);
  return { name: `127.0.0.1:${port}`, fingerprint: fingerprint256, port, heard: () => heardBytes };
}

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** What a client prints that remembers `known` and tries to log in. */
async function tryToLogIn({ port }: FalseServer, known: string): Promise<string> {
  const state = mkdtempSync(join(tmpdir(), "velha-false-server-"));
  folders.push(state);
  writeFileSync(join(state, "known-certificates"), known, { mode: 0o600 });
  const client = TypedClient.behindPipes(["127.0.0.1", String(port)], "C.UTF-8", state);
  await client.sees("Connected to");
  client.enters("login alan correct-horse");
  await client.sees(/Nothing was sent|nothing was sent/);
  client.enters("exit");
  await client.ends();
  return client.raw;
}

test("A changed certificate is refused: the client prints what it expected, what it got, and what to do", async () => {
  const server = await falseServer(DAY_MS);
  const printed = await tryToLogIn(server, `${server.name} ${OTHER}\n`);
  expect(printed).toContain(
    `DANGER: ${server.name} shows a different certificate than before. Nothing was sent.`,
  );
  expect(printed).toContain(`expected ${OTHER}`);
  expect(printed).toContain(`shown    ${server.fingerprint}`);
  expect(printed).toMatch(/If you know why it changed, correct \S+known-certificates and try again/);
  expect(server.heard()).toBe(0);
});

test("The certificate remembered for another server is refused, and that server is named", async () => {
  const server = await falseServer(DAY_MS);
  const known = `${server.name} ${OTHER}\nelsewhere:3000 ${server.fingerprint}\n`;
  expect(await tryToLogIn(server, known)).toContain("It is the certificate of elsewhere:3000");
  expect(server.heard()).toBe(0);
});

test("An expired certificate is refused although it is known, and the user is told that the operator must renew it", async () => {
  const server = await falseServer(-1_000);
  expect(await tryToLogIn(server, `${server.name} ${server.fingerprint}\n`)).toContain(
    `The certificate of ${server.name} has expired, so nothing was sent: its operator has to renew it`,
  );
  expect(server.heard()).toBe(0);
});
