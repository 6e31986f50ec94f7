// Which hashes of passwords can be imported: argon2id, at a cost that a login can bear.

const ARGON2ID =
  /^\$argon2id\$v=19\$m=(?<memoryKb>\d{1,7}),t=(?<passes>\d{1,2}),p=(?<lanes>\d{1,2})\$(?<salt>[A-Za-z0-9+/]{11,64})\$(?<hash>[A-Za-z0-9+/]{16,128})$/;
/** What one login may take: a hundred times the memory and cost of our own hashes would stop the server. */
const MAX_MEMORY_KB = 262_144;
const MAX_PASSES = 10;
const MAX_LANES = 16;

/** In the form of crypt(3): what somebody pastes from another program. */
export function looksHashed(password: string): boolean {
  return /^\$[a-z0-9-]+\$/.test(password);
}

export function isUsableHash(text: string): boolean {
  const parts = ARGON2ID.exec(text)?.groups;
  if (!parts) return false;
  const [memoryKb, passes, lanes] = [Number(parts.memoryKb), Number(parts.passes), Number(parts.lanes)];
  const isPossible = lanes >= 1 && passes >= 1 && memoryKb >= 8 * lanes;
  return isPossible && memoryKb <= MAX_MEMORY_KB && passes <= MAX_PASSES && lanes <= MAX_LANES;
}
