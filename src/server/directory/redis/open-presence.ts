// Presence and leaderboard in Redis, for a game of several servers. Loaded only with `--presence`.
import { randomBytes } from "node:crypto";
import { toBase64url } from "../../../game/base64url.ts";
import type { Leaderboard } from "../../results/leaderboard.ts";
import type { Store } from "../../store/store.ts";
import type { Directory } from "../directory.ts";
import { RedisDirectory } from "./redis-directory.ts";
import { RedisLeaderboard } from "./redis-leaderboard.ts";
import { RedisLink, type RedisTrouble } from "./redis-link.ts";

const SERVER_NAME_BYTES = 9;
/** A server that dies is removed this long after its last renewal; a pause of a few seconds does no harm. */
const LEASE_MS = 4_000;
const RENEW_MS = 1_000;

export interface PresenceOptions extends RedisTrouble {
  store: Store;
  nowMs(): number;
  /** How long a match waits for its players. */
  patienceMs: number;
}

/** When Redis does not answer, the server starts without it and keeps trying. */
export async function openPresence(
  address: string,
  options: PresenceOptions,
): Promise<{ directory: Directory; leaderboard: Leaderboard }> {
  const { nowMs, patienceMs, store } = options;
  const link = await RedisLink.open(address, options);
  const server = toBase64url(randomBytes(SERVER_NAME_BYTES));
  return {
    directory: new RedisDirectory(link, {
      server,
      leaseMs: LEASE_MS,
      renewMs: RENEW_MS,
      rememberMs: 2 * patienceMs + LEASE_MS,
      nowMs,
    }),
    leaderboard: new RedisLeaderboard({ link, store, server, nowMs }),
  };
}
