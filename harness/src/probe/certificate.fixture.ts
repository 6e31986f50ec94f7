// A self-signed Ed25519 certificate for tests: handshakes with it have a constant size.
import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { X509CertificateGenerator } from "@peculiar/x509";

/** Writes certificate.pem and key.pem. */
export async function writeCertificate(directory: string): Promise<void> {
  const keys = (await webcrypto.subtle.generateKey("Ed25519", true, [
    "sign",
    "verify",
  ])) as webcrypto.CryptoKeyPair;
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=localhost",
      serialNumber: "01",
      notBefore: new Date("2020-01-01"),
      notAfter: new Date("2049-12-31"),
      keys,
      signingAlgorithm: { name: "Ed25519" },
    },
    webcrypto,
  );
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  await writeFile(join(directory, "certificate.pem"), certificate.toString("pem"));
  await writeFile(join(directory, "key.pem"), key);
}
