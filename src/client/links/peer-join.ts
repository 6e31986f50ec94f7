// Joining (docs/PROTOCOL.md §7): on one connection, each player proves to hold the key that the ticket names.
import { toBase64url } from "../../game/base64url.ts";
import type { Verify } from "../../game/signature.ts";
import { isSameUser } from "../../game/user-name.ts";
import type { PeerFlow } from "../../net/peer-listener.ts";
import { formatMessage, parseMessage } from "../../protocol/codec.ts";
import { game } from "../../protocol/messages.ts";
import { type Match, matchIdOf } from "../session/match-play.ts";

const NONCE_BYTES = 16;

export type JoinStep =
  | { kind: "going-on"; reply: string | null }
  | { kind: "joined"; reply: string | null }
  | { kind: "failed" };

export class PeerJoin {
  readonly #flow: PeerFlow;
  readonly #match: Match;
  readonly #verify: Verify;
  readonly #nonce: string;
  #hasTheirJoin = false;

  constructor(flow: PeerFlow, match: Match, verify: Verify, randomBytes: (count: number) => Uint8Array) {
    this.#flow = flow;
    this.#match = match;
    this.#verify = verify;
    this.#nonce = toBase64url(randomBytes(NONCE_BYTES));
  }

  /** The first line to send. */
  get greeting(): string {
    const matchId = matchIdOf(this.#match);
    return formatMessage(game, {
      name: "join",
      flow: this.#flow,
      matchId,
      user: this.#match.self,
      nonce: this.#nonce,
    });
  }

  receive(line: string): JoinStep {
    const parsed = parseMessage(game, line);
    if (!parsed.ok) return { kind: "failed" };
    const { message } = parsed;
    const { opponent, signer, self } = this.#match;
    if (message.name === "join" && !this.#hasTheirJoin) {
      const isTheirs = message.flow === this.#flow && isSameUser(message.user, opponent.user);
      if (!isTheirs || message.matchId !== matchIdOf(this.#match)) return { kind: "failed" };
      this.#hasTheirJoin = true;
      const signature = signer.sign(this.#proved(self, message.nonce));
      return { kind: "going-on", reply: formatMessage(game, { name: "proof", signature }) };
    }
    if (message.name === "proof" && this.#hasTheirJoin) {
      const proved = this.#proved(opponent.user, this.#nonce);
      return this.#verify(opponent.publicKey, proved, message.signature)
        ? { kind: "joined", reply: null }
        : { kind: "failed" };
    }
    return { kind: "failed" };
  }

  #proved(user: string, nonce: string): Uint8Array {
    return Buffer.from(`${this.#flow};${matchIdOf(this.#match)};${user};${nonce}`, "latin1");
  }
}
