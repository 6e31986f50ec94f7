import { expect, test } from "vitest";
import { toBase64url } from "./base64url.ts";
import { alan, beto } from "./players.fixture.ts";
import { ed25519Signer, ed25519Verify, newPrivateKey } from "./signature.ts";

const bytes = Buffer.from("play;2;2");

// RFC 8032 §7.1, test 2: a known answer ties us to Ed25519 itself, not to our own two halves agreeing.
const rfcKey = Buffer.from("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "hex");
const rfcSignature = Buffer.from(
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  "hex",
);

test("the known answer of RFC 8032 verifies", () => {
  expect(ed25519Verify(toBase64url(rfcKey), Buffer.from([0x72]), toBase64url(rfcSignature))).toBe(true);
  expect(ed25519Verify(toBase64url(rfcKey), Buffer.from([0x73]), toBase64url(rfcSignature))).toBe(false);
});

test("keys are 32 raw bytes, signatures 64, both base64url", () => {
  expect(Buffer.from(alan.publicKey, "base64url")).toHaveLength(32);
  expect(Buffer.from(alan.sign(bytes), "base64url")).toHaveLength(64);
});

test("the same private key gives the same signer again", () => {
  const pem = newPrivateKey();
  expect(ed25519Signer(pem).publicKey).toBe(ed25519Signer(pem).publicKey);
  expect(ed25519Verify(ed25519Signer(pem).publicKey, bytes, ed25519Signer(pem).sign(bytes))).toBe(true);
});

test("a signature verifies only with the signer's key and the same bytes", () => {
  const signature = alan.sign(bytes);
  expect(ed25519Verify(alan.publicKey, bytes, signature)).toBe(true);
  expect(ed25519Verify(beto.publicKey, bytes, signature)).toBe(false);
  expect(ed25519Verify(alan.publicKey, Buffer.from("play;2;3"), signature)).toBe(false);
});

test.each([
  ["an empty signature", alan.publicKey, ""],
  ["a short signature", alan.publicKey, "AAAA"],
  ["a signature with padding", alan.publicKey, `${alan.sign(bytes)}==`],
  ["an empty key", "", alan.sign(bytes)],
  ["a short key", "AAAA", alan.sign(bytes)],
  ["a key that is no point of the curve", toBase64url(Buffer.alloc(32, 0xff)), alan.sign(bytes)],
])("%s is refused without an exception", (_, key, signature) => {
  expect(ed25519Verify(key, bytes, signature)).toBe(false);
});
