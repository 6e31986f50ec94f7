// The events of a session and its effects. Both are data, so a session runs without a socket.
import type { ErrorMessage } from "../../protocol/codec.ts";
import type {
  ControlFromClient,
  ControlFromServer,
  GameMessage,
  TlsFromClient,
  TlsFromServer,
} from "../../protocol/messages.ts";
import type { Command } from "../commands.ts";
import type { Kept, KeptMatch } from "./kept.ts";
import type { Match } from "./match-play.ts";
import type { Notice } from "./notice.ts";

export type SecureRequest = Exclude<TlsFromClient, { name: "bind" }>;
export type SecureAnswer = Exclude<TlsFromServer, { name: "bindACK" }> | ErrorMessage;
/** What the players send each other once they have joined. */
export type PlayMessage = Extract<GameMessage, { name: "play" | "end" | "have" }>;
export type PlayErrorCode =
  | "BAD_ARGUMENTS"
  | "MATCH_OVER"
  | "NOT_YOUR_TURN"
  | "SQUARE_TAKEN"
  | "BAD_SIGNATURE";

/** The address that opponents dial instead of the one that the server sees. */
export interface AnnouncedAddress {
  host: string;
  /** Undefined: the ports on which the client listens. */
  gamePort?: number | undefined;
  pingPort?: number | undefined;
}

export type SessionEvent =
  /** What an earlier run kept, before anything else happens. */
  | { kind: "restored"; kept: Kept }
  /** What earlier runs of the user who logged in had kept and nobody else uses: the answer to `recall`. */
  | { kind: "recalled"; matches: readonly KeptMatch[] }
  /** The answers to `keep`: one of them is the next event. */
  | { kind: "kept" }
  | { kind: "not-kept"; reason: string }
  | { kind: "command"; command: Command }
  | { kind: "connected" }
  | { kind: "lost"; isReplaced: boolean }
  | { kind: "given-up"; seconds: number }
  | { kind: "server-said"; message: ControlFromServer | ErrorMessage }
  | { kind: "securely-answered"; request: SecureRequest; answer: SecureAnswer; ticketKey: string }
  /** `notice` says why, unless the loss of the server was told already. */
  | { kind: "not-answered"; request: SecureRequest; notice: Notice | null }
  | { kind: "listening"; gamePort: number; pingPort: number; announced?: AnnouncedAddress | undefined }
  | { kind: "cannot-listen"; reason: string }
  | { kind: "peer-joined"; matchId: string }
  | { kind: "peer-lost"; matchId: string }
  /** The link was down so long that the match is given up. */
  | { kind: "peer-gone"; matchId: string; seconds: number }
  | { kind: "peer-said"; matchId: string; message: PlayMessage }
  | { kind: "delay-measured"; matchId: string; delayMs: number }
  | { kind: "timer"; id: number };

export type Effect =
  /**
   * Must be on disk, replacing what was kept before, before the next effect is carried out; `kept` or `not-kept` goes back to
   * the session at once. An own action is sent in answer to `kept`, never before (docs/PROTOCOL.md §7).
   */
  | { kind: "keep"; kept: Kept }
  | { kind: "recall"; user: string }
  | { kind: "say"; notice: Notice }
  | { kind: "send"; message: ControlFromClient }
  | { kind: "ask-securely"; request: SecureRequest }
  | { kind: "reconnect" }
  | { kind: "listen" }
  | { kind: "stop-listening" }
  /** Meet the opponent on the connections that come in. */
  | { kind: "await-peer"; match: Match }
  /** The same after a restart, on the ports that the opponent knows. */
  | { kind: "await-peer-again"; match: Match; gamePort: number; pingPort: number }
  | { kind: "dial-peer"; match: Match; host: string; gamePort: number; pingPort: number }
  | { kind: "send-to-peer"; message: PlayMessage }
  | { kind: "correct-peer"; code: PlayErrorCode }
  /** Closes the link of that match, unless another has replaced it. */
  | { kind: "leave-peer"; matchId: string }
  | { kind: "start-timer"; id: number; delayMs: number };
