import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { beforeEach, describe, expect, it } from "vitest";
import { tempDirectory } from "../temp-directory.fixture.ts";
import { loadOrMakeCertificate } from "./certificate.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

let directory: string;
let certPath: string;
let keyPath: string;

beforeEach(() => {
  directory = join(tempDirectory(), "certs");
  certPath = join(directory, "cert.pem");
  keyPath = join(directory, "key.pem");
});

describe("the first start", () => {
  it("makes a certificate, and a key and a folder that only their owner can read, and leaves no other file", async () => {
    const made = await loadOrMakeCertificate(directory);
    expect(readdirSync(directory).sort()).toEqual(["cert.pem", "key.pem"]);
    expect(statSync(keyPath).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(await loadOrMakeCertificate(directory)).toEqual(made);
    expect(made).toEqual({ cert: readFileSync(certPath, "utf8"), key: readFileSync(keyPath, "utf8") });
  });

  it("makes a self-signed Ed25519 certificate that is valid for years", async () => {
    const { cert } = await loadOrMakeCertificate(directory);
    const certificate = new X509Certificate(cert);
    expect(certificate.publicKey.asymmetricKeyType).toBe("ed25519");
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe("CN=velha");
    expect(certificate.checkHost("velha")).toBe("velha");
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 10 * 365 * DAY_MS);
  });

  it("that was interrupted before the certificate is completed by the next start", async () => {
    const { key } = await loadOrMakeCertificate(directory);
    rmSync(certPath);
    const again = await loadOrMakeCertificate(directory);
    expect(again.key).toBe(key);
    expect(new X509Certificate(again.cert).subject).toBe("CN=velha");
  });
});

describe("a later start refuses, and says what to do,", () => {
  beforeEach(() => loadOrMakeCertificate(directory));

  it.each([0o640, 0o604, 0o620])("a key of mode %o", async (mode) => {
    chmodSync(keyPath, mode);
    await expect(loadOrMakeCertificate(directory)).rejects.toThrow(`run: chmod 600 ${keyPath}`);
  });

  it("a key that is missing", async () => {
    rmSync(keyPath);
    await expect(loadOrMakeCertificate(directory)).rejects.toThrow(/key\.pem is missing .* restore the key/);
    expect(readdirSync(directory)).toEqual(["cert.pem"]);
  });

  it("a key that is not the certificate's", async () => {
    const other = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
    writeFileSync(keyPath, other);
    await expect(loadOrMakeCertificate(directory)).rejects.toThrow(/do not belong together; restore/);
  });

  it.each(["cert.pem", "key.pem"])("a %s that cannot be parsed", async (name) => {
    writeFileSync(join(directory, name), "nonsense");
    await expect(loadOrMakeCertificate(directory)).rejects.toThrow(/cannot be parsed .* or delete it/);
  });

  it("a certificate that has expired, or is not valid yet", async () => {
    const inManyYears = Date.now() + 30 * 365 * DAY_MS;
    await expect(loadOrMakeCertificate(directory, inManyYears)).rejects.toThrow(/expired on .* delete it/);
    const longAgo = Date.now() - 2 * DAY_MS;
    await expect(loadOrMakeCertificate(directory, longAgo)).rejects.toThrow(
      /not valid before .* set the clock/,
    );
  });

  it("a path that is not a file", async () => {
    rmSync(certPath);
    await expect(loadOrMakeCertificate(keyPath)).rejects.toThrow(
      /cannot read .* another folder with --certs/,
    );
  });
});

it("every TLS handshake with it has the same size", async () => {
  const { cert, key } = await loadOrMakeCertificate(directory);
  const sizes = new Set<string>();
  const server = createServer({ cert, key, minVersion: "TLSv1.3" }, (socket) => socket.end("x"));
  const raw: Socket[] = [];
  server.on("connection", (socket: Socket) => raw.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  for (let index = 0; index < 20; index++) {
    const client = connect({ port: (server.address() as AddressInfo).port, ca: cert, servername: "velha" });
    client.resume();
    await once(client, "end");
    client.end();
    const socket = raw[index] as Socket;
    if (!socket.closed) await once(socket, "close");
    sizes.add(`${socket.bytesRead} ${socket.bytesWritten}`);
  }
  server.close();
  expect(sizes.size).toBe(1);
});
