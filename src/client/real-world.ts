// The real world: the machine's clock, random source and network, and Ed25519.
import { randomBytes } from "node:crypto";
import { ed25519Signer, ed25519Verify, newPrivateKey } from "../game/signature.ts";
import { dial, dialTls } from "../net/dial.ts";
import { listenForPeer } from "../net/peer-listener.ts";
import { steadyClock } from "../shared/clock/clock.ts";
import type { Random, Trust, World } from "./world.ts";

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  fraction: () => Math.random(),
};

export function realWorld(trust: Trust): World {
  return {
    clock: steadyClock,
    random: systemRandom,
    network: { dial, dialTls, listenForPeer },
    trust,
    newPrivateKey,
    signer: ed25519Signer,
    verify: ed25519Verify,
  };
}
