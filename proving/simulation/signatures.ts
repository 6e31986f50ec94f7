// Signatures whose keys come from the seed: a keyed hash, a cheap stand-in for Ed25519, and Ed25519 itself.
import { createHash } from "node:crypto";
import { toBase64url } from "../../src/game/base64url.ts";
import { ed25519, type SignatureScheme } from "../../src/game/signature.ts";

type RandomBytes = (count: number) => Buffer;

const PRIVATE_KEY_BYTES = 32;
/** The bytes before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** Only the owner of the private key can sign; `verify` looks that key up, which works in a simulation alone. */
export function keyedHash(random: RandomBytes): SignatureScheme {
  const privateKeys = new Map<string, string>();
  const signed = (privateKey: string, bytes: Uint8Array) =>
    createHash("sha512").update(privateKey).update(bytes).digest("base64url");
  return {
    newPrivateKey: () => toBase64url(random(PRIVATE_KEY_BYTES)),
    signer(privateKey) {
      const publicKey = createHash("sha256").update(privateKey).digest("base64url");
      privateKeys.set(publicKey, privateKey);
      return { publicKey, sign: (bytes) => signed(privateKey, bytes) };
    },
    verify(publicKey, bytes, signature) {
      const privateKey = privateKeys.get(publicKey);
      return privateKey !== undefined && signed(privateKey, bytes) === signature;
    },
  };
}

export function seededEd25519(random: RandomBytes): SignatureScheme {
  const newPrivateKey = () => {
    const base64 = Buffer.concat([PKCS8_PREFIX, random(PRIVATE_KEY_BYTES)]).toString("base64");
    return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`;
  };
  return { ...ed25519, newPrivateKey };
}
