// Makes a self-signed Ed25519 certificate. Ed25519, because then every TLS handshake has the same size.
import { createPublicKey, type KeyObject, webcrypto } from "node:crypto";

export interface CertificateValues {
  readonly name: string;
  /** 16 random bytes. */
  readonly serial: Buffer;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** In PEM. `privateKey` is an Ed25519 key. */
export async function selfSignedCertificate(
  privateKey: KeyObject,
  values: CertificateValues,
): Promise<string> {
  // Only a first start makes a certificate, so only that one pays for loading the library.
  await import("reflect-metadata");
  const { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } =
    await import("@peculiar/x509");
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${values.name}`,
      serialNumber: positive(values.serial).toString("hex"),
      notBefore: new Date(values.notBeforeMs),
      notAfter: new Date(values.notAfterMs),
      keys: await webKeys(privateKey),
      signingAlgorithm: { name: "Ed25519" },
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new SubjectAlternativeNameExtension([{ type: "dns", value: values.name }]),
      ],
    },
    webcrypto,
  );
  return `${certificate.toString("pem")}\n`;
}

async function webKeys(privateKey: KeyObject): Promise<webcrypto.CryptoKeyPair> {
  const { subtle } = webcrypto;
  const privateBytes = privateKey.export({ type: "pkcs8", format: "der" });
  const publicBytes = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return {
    privateKey: await subtle.importKey("pkcs8", privateBytes, "Ed25519", true, ["sign"]),
    publicKey: await subtle.importKey("spki", publicBytes, "Ed25519", true, ["verify"]),
  };
}

/** The bytes as a positive number of constant length: sign bit clear, first byte not zero. */
function positive(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[0] = ((copy[0] as number) & 0x7f) | 0x40;
  return copy;
}
