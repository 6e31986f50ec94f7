// The link to the opponent of one match as the user sees it: there or lost, how fast, and whether it has carried everything.
import type { SessionContext } from "./context.ts";

const KEPT_DELAYS = 3;

export class OpponentLink {
  readonly #context: SessionContext;
  readonly #opponent: string;
  #isJoined = false;
  #isUpToDate = false;
  #wasLost = false;
  #latestDelaysMs: number[] = [];

  constructor(context: SessionContext, opponent: string) {
    this.#context = context;
    this.#opponent = opponent;
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** Since joining, the opponent has told which actions it has and was sent the rest. */
  get isUpToDate(): boolean {
    return this.#isJoined && this.#isUpToDate;
  }

  /** `isOn`: the match continues, so the user is told. */
  joined(heldCount: number, isOn: boolean): void {
    this.#isJoined = true;
    this.#isUpToDate = false;
    this.#context.emit({ kind: "send-to-peer", message: { name: "have", n: heldCount } });
    if (this.#wasLost && isOn) this.#context.say({ kind: "peer-back", opponent: this.#opponent });
    this.#wasLost = false;
  }

  lost(isOn: boolean): void {
    this.#isJoined = false;
    if (isOn && !this.#wasLost) this.#context.say({ kind: "peer-lost", opponent: this.#opponent });
    this.#wasLost = true;
  }

  caughtUp(): void {
    this.#isUpToDate = true;
  }

  measured(delayMs: number): void {
    this.#latestDelaysMs = [...this.#latestDelaysMs, delayMs].slice(-KEPT_DELAYS);
  }

  showDelays(): void {
    this.#context.say({ kind: "delays", latestMs: this.#latestDelaysMs });
  }
}
