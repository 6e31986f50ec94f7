// The match at the board: its moves, its link, its end. Reporting the end is left to reports.ts.
import type { Square } from "../../game/board.ts";
import type { Action } from "../../game/match.ts";
import type { SessionContext } from "./context.ts";
import type { PlayMessage } from "./event.ts";
import { IdleWatch } from "./idle-watch.ts";
import type { Meeting } from "./kept.ts";
import { MatchNews } from "./match-news.ts";
import {
  claimOf,
  type Match,
  matchIdOf,
  missingMessages,
  receiveAction,
  signOwnAction,
} from "./match-play.ts";
import { OpponentLink } from "./opponent-link.ts";

/** The server can settle a match before the opponent's last move is here. */
const SETTLED_GRACE_MS = 2_000;
/** How long the link of a finished match waits for an opponent who lacks the last action. */
const LINGER_MS = 30_000;

/** An own action on its way to the disk; until it is there it has not happened. */
interface PendingAction {
  match: Match;
  action: Action;
  message: PlayMessage;
}

export class CurrentMatch {
  readonly #context: SessionContext;
  readonly #onOver: (match: Match) => void;
  readonly #news: MatchNews;
  readonly #idleWatch: IdleWatch;
  #match: Match | null = null;
  #pending: PendingAction | null = null;
  #link: OpponentLink | null = null;
  #isLeft = false;
  #isForgotten = false;

  constructor(context: SessionContext, onOver: (match: Match) => void) {
    this.#context = context;
    this.#onOver = onOver;
    this.#news = new MatchNews(context);
    this.#idleWatch = new IdleWatch(context);
  }

  /** The match that is on; null when there is none or it is over. */
  get match(): Match | null {
    const isOver = this.#isLeft || this.#match?.transcript.state.end;
    return isOver ? null : this.#match;
  }

  /** What a restart needs: the match in progress, with the action that is being saved. */
  get matchToKeep(): Match | null {
    return this.#pending?.match ?? this.match;
  }

  start(match: Match): void {
    this.#sit(match);
    this.#news.started(match);
    this.#news.board(match);
    this.#announceTurn();
  }

  /** A match of an earlier run; one that is over is kept only for an opponent who lacks the last action. */
  resume(match: Match, meeting: Meeting): void {
    this.#sit(match);
    const { kind, ...address } = meeting;
    if (kind === "dial") this.#context.emit({ ...meeting, kind: "dial-peer", match });
    else this.#context.emit({ kind: "await-peer-again", match, ...address });
    if (!this.match) return;
    this.#news.resumed(match);
    this.#news.board(match);
    this.#announceTurn();
  }

  play(square: Square): void {
    this.#sign({ kind: "play", ...square });
  }

  giveUp(): void {
    if (this.#match) this.#sign({ kind: "end", symbol: this.#match.symbol });
  }

  /** The player's own action, if any, is on disk and can be carried out. */
  kept(): void {
    if (!this.#pending) return;
    const { match, action, message } = this.#pending;
    this.#pending = null;
    this.#match = match;
    this.#context.emit({ kind: "send-to-peer", message });
    this.#news.ownAction(action);
    this.#afterAction(action);
  }

  /** False when no action was being kept. */
  notKept(reason: string): boolean {
    if (!this.#pending) return false;
    this.#pending = null;
    this.#context.say({ kind: "action-not-kept", reason });
    return true;
  }

  /** Leaves without a loss, when the opponent has kept this player waiting too long. */
  leave(): void {
    if (!this.#idleWatch.canLeave) {
      const reason = "TOO_EARLY_TO_LEAVE";
      this.#context.say({ kind: "out-of-place", command: "leave", reason, user: this.#opponent });
      return;
    }
    this.#context.say({ kind: "you-left", opponent: this.#opponent });
    this.#abandon();
  }

  showBoard(): void {
    if (this.#match) this.#news.board(this.#match);
  }

  showDelays(): void {
    this.#link?.showDelays();
  }

  delayMeasured(matchId: string, delayMs: number): void {
    if (this.#isOf(matchId)) this.#link?.measured(delayMs);
  }

  peerJoined(matchId: string): void {
    if (!this.#match || !this.#isOf(matchId)) return;
    this.#link?.joined(this.#match.transcript.actions.length, this.isOn(matchId));
    this.#watchIdleness();
  }

  peerLost(matchId: string): void {
    if (!this.#isOf(matchId)) return;
    this.#idleWatch.stop();
    this.#link?.lost(this.isOn(matchId));
  }

  peerGone(matchId: string, seconds: number): void {
    if (!this.isOn(matchId)) return;
    this.#context.say({ kind: "peer-gone", opponent: this.#opponent, seconds });
    this.#abandon();
  }

  peerSaid(matchId: string, message: PlayMessage): void {
    if (!this.#match || !this.#isOf(matchId)) return;
    if (message.name === "have") {
      for (const missing of missingMessages(this.#match, message.n)) {
        this.#context.emit({ kind: "send-to-peer", message: missing });
      }
      this.#link?.caughtUp();
      if (this.#isForgotten) this.#leavePeer();
      return;
    }
    const received = receiveAction(this.#match, message, this.#context.world.verify);
    if (received.kind === "refused") {
      this.#context.emit({ kind: "correct-peer", code: received.code });
      return;
    }
    this.#match = received.match;
    if (received.kind !== "added") return;
    const isOwn = received.by === this.#match.symbol;
    if (!isOwn) this.#news.opponentsAction(received.action, this.#match);
    this.#afterAction(received.action);
  }

  /** The server settled the match without this player's report. */
  settled(matchId: string, tell: () => void): void {
    this.#context.after(SETTLED_GRACE_MS, () => {
      if (!this.isOn(matchId)) return;
      this.#idleWatch.stop();
      this.#leavePeer();
      tell();
    });
  }

  /** The server does not know the match as open; the answer to a report tells its outcome. */
  unknown(): void {
    const { match } = this;
    if (!match) return;
    this.#context.after(SETTLED_GRACE_MS, () => {
      if (!this.isOn(matchIdOf(match))) return;
      this.#context.say({ kind: "match-unknown", opponent: this.#opponent });
      this.#abandon();
    });
  }

  isOn(matchId: string): boolean {
    return this.match !== null && this.#isOf(matchId);
  }

  /** The result of a match was answered: its link closes once the opponent has every action. */
  forget(match: Match): void {
    const matchId = matchIdOf(match);
    if (!this.#isOf(matchId)) return;
    this.#isForgotten = true;
    if (this.#isLeft || this.#link?.isUpToDate) {
      this.#leavePeer();
      return;
    }
    this.#context.after(LINGER_MS, () => {
      if (this.#isOf(matchId)) this.#leavePeer();
    });
  }

  #sit(match: Match): void {
    this.#match = match;
    this.#link = new OpponentLink(this.#context, match.opponent.user);
    this.#isLeft = false;
    this.#isForgotten = false;
  }

  #sign(action: Action): void {
    if (!this.#match || this.#pending) return;
    const signed = signOwnAction(this.#match, action);
    if (!signed.ok) {
      const square = action.kind === "play" ? action : null;
      this.#context.say({ kind: "illegal", code: signed.code, square, opponent: this.#opponent });
      return;
    }
    this.#pending = { match: signed.match, action, message: signed.message };
  }

  #leavePeer(): void {
    if (!this.#match) return;
    this.#context.emit({ kind: "leave-peer", matchId: matchIdOf(this.#match) });
    this.#match = null;
  }

  get #opponent(): string {
    return this.#match?.opponent.user ?? "";
  }

  #isOf(matchId: string): boolean {
    return this.#match !== null && matchIdOf(this.#match) === matchId;
  }

  #afterAction(action: Action): void {
    if (!this.#match) return;
    if (action.kind === "play") this.showBoard();
    if (claimOf(this.#match) === "ABANDONED") this.#announceTurn();
    else this.#over();
  }

  #announceTurn(): void {
    if (!this.#match) return;
    this.#news.turn(this.#match);
    this.#watchIdleness();
  }

  #watchIdleness(): void {
    this.#idleWatch.stop();
    if (!this.match || !this.#link?.isJoined || this.match.transcript.state.turn === this.match.symbol)
      return;
    this.#idleWatch.start(this.#opponent);
  }

  #abandon(): void {
    this.#isLeft = true;
    this.#over();
  }

  #over(): void {
    this.#idleWatch.stop();
    if (this.#match) this.#onOver(this.#match);
  }
}
