// What a client gets from outside: time, randomness, network, keys. A simulation provides its own.

import type { Signer, Verify } from "../game/signature.ts";
import type { dial, dialTls, ServerCertificate } from "../net/dial.ts";
import type { listenForPeer } from "../net/peer-listener.ts";
import type { Clock } from "../shared/clock/clock.ts";
import type { Kept, KeptMatch } from "./session/kept.ts";

export interface Random {
  bytes(count: number): Uint8Array;
  /** From 0 up to, not including, 1. */
  fraction(): number;
}

export interface Network {
  dial: typeof dial;
  dialTls: typeof dialTls;
  listenForPeer: typeof listenForPeer;
}

/** Judges a server's certificate: `server` is its host and main port. */
export interface Trust {
  judge(server: string, certificate: ServerCertificate): Judgement;
}

/** Where a client keeps what has to outlive its process. */
export interface Keeper {
  /** Puts `kept` in place of what was kept before, and returns when it is on disk; throws when that cannot be. */
  keep(kept: Kept): void;
  /**
   * The matches that earlier clients of `user` kept and that no client uses; from the next `keep` on they are kept only here.
   * Throws when they cannot be read.
   */
  recall(user: string): readonly KeptMatch[];
  /** Stops keeping; what is kept becomes available to another client. */
  release(): void;
}

export type Judgement =
  | { kind: "known" }
  | { kind: "first-use" }
  /**
   * `where` says what to mend: the file that holds, or is, the certificate expected. `knownAs` is the server that is
   * remembered by the certificate shown.
   */
  | { kind: "changed"; expected: string; where: string; knownAs?: string }
  | { kind: "expired" };

export interface World {
  /** Monotonic. */
  clock: Clock;
  random: Random;
  network: Network;
  trust: Trust;
  /** In a form that can be kept; `signer` makes it sign. */
  newPrivateKey(): string;
  signer(privateKey: string): Signer;
  verify: Verify;
}
