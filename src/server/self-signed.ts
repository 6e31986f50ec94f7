// A self-signed Ed25519 certificate in X.509 v3 (RFC 5280, RFC 8410), written out in DER by hand: it is one fixed
// structure with a few values in it. Ed25519, because then every TLS handshake has the same size.
import { createPublicKey, type KeyObject, sign } from "node:crypto";

const SEQUENCE = 0x30;
const SET = 0x31;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const INTEGER = 0x02;
const BOOLEAN = 0x01;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const DNS_NAME = 0x82;

const ed25519Id = Buffer.from([0x2b, 0x65, 0x70]);
const commonNameId = Buffer.from([0x55, 0x04, 0x03]);
const basicConstraintsId = Buffer.from([0x55, 0x1d, 0x13]);
const subjectAltNameId = Buffer.from([0x55, 0x1d, 0x11]);

export interface CertificateValues {
  readonly name: string;
  /** 16 random bytes. */
  readonly serial: Buffer;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** In PEM. `privateKey` is an Ed25519 key. */
export function selfSignedCertificate(privateKey: KeyObject, values: CertificateValues): string {
  const algorithm = der(SEQUENCE, der(OBJECT_ID, ed25519Id));
  const toBeSigned = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, positive(values.serial)),
    algorithm,
    commonName(values.name),
    der(SEQUENCE, time(values.notBeforeMs), time(values.notAfterMs)),
    commonName(values.name),
    createPublicKey(privateKey).export({ type: "spki", format: "der" }),
    der(EXTENSIONS, der(SEQUENCE, ...extensions(values.name))),
  );
  const signature = der(BIT_STRING, Buffer.from([0]), sign(null, toBeSigned, privateKey));
  const base64 = der(SEQUENCE, toBeSigned, algorithm, signature).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function extensions(name: string): Buffer[] {
  const isAuthority = der(SEQUENCE, der(BOOLEAN, Buffer.from([0xff])));
  const alternativeNames = der(SEQUENCE, der(DNS_NAME, Buffer.from(name, "ascii")));
  return [
    der(
      SEQUENCE,
      der(OBJECT_ID, basicConstraintsId),
      der(BOOLEAN, Buffer.from([0xff])),
      der(OCTET_STRING, isAuthority),
    ),
    der(SEQUENCE, der(OBJECT_ID, subjectAltNameId), der(OCTET_STRING, alternativeNames)),
  ];
}

function commonName(name: string): Buffer {
  return der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OBJECT_ID, commonNameId), der(UTF8_STRING, Buffer.from(name)))),
  );
}

/** Until 2049 the year has two digits (RFC 5280, 4.1.2.5). */
function time(timeMs: number): Buffer {
  const date = new Date(timeMs);
  const digits = date.toISOString().replace(/\.\d+|[^\dZ]/g, "");
  return date.getUTCFullYear() < 2050
    ? der(UTC_TIME, Buffer.from(digits.slice(2), "ascii"))
    : der(GENERALIZED_TIME, Buffer.from(digits, "ascii"));
}

/** The bytes as a number whose sign bit is clear and whose first byte is not zero. */
function positive(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[0] = ((copy[0] as number) & 0x7f) | 0x40;
  return copy;
}

/** Tag, length, content. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
