// Ed25519 signatures behind two small interfaces, so that a simulation may hand in others.
// Public keys travel as base64url of their 32 raw bytes, signatures as base64url of 64 (docs/PROTOCOL.md §1).
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { fromBase64url, toBase64url } from "./base64url.ts";

export interface Signer {
  readonly publicKey: string;
  sign(bytes: Uint8Array): string;
}

/** False for a wrong signature and for anything malformed. */
export type Verify = (publicKey: string, bytes: Uint8Array, signature: string) => boolean;

/** How keys are made and used. */
export interface SignatureScheme {
  newPrivateKey(): string;
  /** A signer from a key as `newPrivateKey` makes it. */
  signer(privateKey: string): Signer;
  verify: Verify;
}

export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** A signer from a key in PKCS #8 PEM, as `newPrivateKey` makes it. */
export function ed25519Signer(privateKeyPem: string): Signer {
  const privateKey = createPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(privateKey).export({ format: "jwk" }).x as string;
  return { publicKey, sign: (bytes) => toBase64url(sign(null, bytes, privateKey)) };
}

export function newPrivateKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

export const ed25519Verify: Verify = (publicKey, bytes, signature) => {
  const key = publicKeyObject(publicKey);
  const raw = fromBase64url(signature, SIGNATURE_BYTES);
  return key !== null && raw !== null && verify(null, bytes, key, raw);
};

export const ed25519: SignatureScheme = { newPrivateKey, signer: ed25519Signer, verify: ed25519Verify };

function publicKeyObject(publicKey: string): KeyObject | null {
  if (!fromBase64url(publicKey, PUBLIC_KEY_BYTES)) return null;
  try {
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" });
  } catch {
    return null;
  }
}
