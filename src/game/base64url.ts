// Base64url without padding, in its one canonical form (docs/PROTOCOL.md §1).

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

/** The bytes, or null when the text is not canonical base64url, or does not hold `length` bytes. */
export function fromBase64url(text: string, length?: number): Buffer | null {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) return null;
  return length === undefined || bytes.length === length ? bytes : null;
}
