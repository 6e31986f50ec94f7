// A self-signed Ed25519 certificate for tests: handshakes with it have a constant size.
import { generateKeyPairSync, sign } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const EXPLICIT_0 = 0xa0;

/** Writes certificate.pem and key.pem. */
export async function writeCertificate(directory: string): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const ed25519 = der(SEQUENCE, der(OBJECT_ID, Buffer.from([43, 101, 112])));
  const commonName = der(OBJECT_ID, Buffer.from([85, 4, 3]));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, commonName, der(UTF8_STRING, Buffer.from("localhost")))));
  const toBeSigned = der(
    SEQUENCE,
    der(EXPLICIT_0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1])),
    ed25519,
    name,
    der(SEQUENCE, der(UTC_TIME, Buffer.from("200101000000Z")), der(UTC_TIME, Buffer.from("491231235959Z"))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = der(BIT_STRING, Buffer.from([0]), sign(null, toBeSigned, privateKey));
  const certificate = der(SEQUENCE, toBeSigned, ed25519, signature).toString("base64");
  const lines = certificate.match(/.{1,64}/g)!.join("\n");
  const pem = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  await writeFile(join(directory, "certificate.pem"), pem);
  await writeFile(join(directory, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
}

/** Type, length, content. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
