// A session whose server and opponent are the test, which provides events and checks effects.
import { ed25519Signer, ed25519Verify, newPrivateKey } from "../../game/signature.ts";
import { signTicket } from "../../game/ticket.ts";
import type { ControlFromClient, ControlFromServer } from "../../protocol/messages.ts";
import type { Command } from "../commands.ts";
import { Session } from "../session.ts";
import { renderNotice } from "../terminal/render.ts";
import { plainStyle } from "../terminal/style.ts";
import { en } from "../texts/en.ts";
import type { AnnouncedAddress, Effect, PlayMessage, SecureRequest, SessionEvent } from "./event.ts";
import { type Kept, nothingKept } from "./kept.ts";

export const serverSigner = ed25519Signer(newPrivateKey());
export const MATCH_ID = "AAAAAAAAAAAAAAAA";

export class DrivenSession {
  readonly session = new Session("127.0.0.1:3000", {
    newPrivateKey,
    signer: ed25519Signer,
    verify: ed25519Verify,
  });
  /** What was printed since the last call, without boards. */
  #words: string[] = [];
  #effects: Effect[] = [];
  #publicKey = "";
  #effectsLeft = Number.POSITIVE_INFINITY;
  /** What a restart would find. */
  disk: Kept = nothingKept;

  static connected(): DrivenSession {
    const driven = new DrivenSession();
    driven.happens({ kind: "connected" });
    return driven;
  }

  static loggedIn(user: string): DrivenSession {
    const driven = DrivenSession.connected();
    driven.runs({ name: "login", user, password: "secret" });
    const request = driven.asked();
    driven.answersSecurely(request, { name: "loginACK", user, token: "t0ken" });
    driven.words();
    return driven;
  }

  /** The process is killed before it carries out more than `count` further effects. */
  diesAfter(count: number): void {
    this.#effectsLeft = count;
  }

  get isDead(): boolean {
    return this.#effectsLeft < 0;
  }

  /** The program started again, with nothing but what it has saved. */
  restarted(): DrivenSession {
    const next = new DrivenSession();
    next.#publicKey = this.#publicKey;
    next.happens({ kind: "restored", kept: this.disk }).happens({ kind: "connected" });
    return next;
  }

  /** The server accepts the token of an earlier run. */
  resumes(): this {
    const request = this.asked();
    if (request.name !== "resume") throw new Error(`${request.name} was asked instead of resume`);
    return this.answersSecurely(request, {
      name: "resumeACK",
      user: this.session.user ?? "",
      token: request.token,
    });
  }

  get publicKey(): string {
    return this.#publicKey;
  }

  happens(event: SessionEvent): this {
    if (this.isDead) return this;
    for (const effect of this.session.handle(event)) {
      this.#effectsLeft -= 1;
      if (this.isDead) return this;
      if (effect.kind === "keep") {
        this.disk = effect.kept;
        this.happens({ kind: "kept" });
        continue;
      }
      this.#effects.push(effect);
      if (effect.kind === "say" && effect.notice.kind !== "board")
        this.#words.push(renderNotice(effect.notice, en, plainStyle));
    }
    return this;
  }

  runs(command: Command): this {
    return this.happens({ kind: "command", command });
  }

  hears(message: ControlFromServer): this {
    return this.happens({ kind: "server-said", message });
  }

  isRefused(request: string, code: string): this {
    return this.happens({ kind: "server-said", message: { name: "error", request, code, text: "" } });
  }

  answersSecurely(
    request: SecureRequest,
    answer: Extract<SessionEvent, { kind: "securely-answered" }>["answer"],
  ) {
    if ("publicKey" in request && request.publicKey) this.#publicKey = request.publicKey;
    const { publicKey: ticketKey } = serverSigner;
    return this.happens({ kind: "securely-answered", request, answer, ticketKey });
  }

  /** The only request made over TLS since the last call. */
  asked(): SecureRequest {
    const [effect] = this.take("ask-securely");
    if (!effect) throw new Error("nothing was asked over TLS");
    return effect.request;
  }

  /** What was sent to the server since the last call. */
  sent(): ControlFromClient[] {
    return this.take("send").map(({ message }) => message);
  }

  sentToPeer(): PlayMessage[] {
    return this.take("send-to-peer").map(({ message }) => message);
  }

  words(): string[] {
    return this.#words.splice(0);
  }

  kinds(): string[] {
    return this.#effects.splice(0).map(({ kind }) => kind);
  }

  /** The timer that was started last goes off. */
  timerFires(delayMs: number): this {
    const timer = this.take("start-timer").findLast((effect) => effect.delayMs === delayMs);
    if (!timer) throw new Error(`no timer of ${delayMs} ms was started`);
    return this.happens({ kind: "timer", id: timer.id });
  }

  take<K extends Effect["kind"]>(kind: K): Extract<Effect, { kind: K }>[] {
    const isWanted = (effect: Effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind;
    const taken = this.#effects.filter(isWanted);
    this.#effects = this.#effects.filter((effect) => !isWanted(effect));
    return taken;
  }
}

/** Alan (X) and Beto (O) in a match with a working link; what they send each other arrives when `deliver` is called. */
export class Table {
  alan = DrivenSession.loggedIn("alan");
  beto = DrivenSession.loggedIn("beto");

  constructor() {
    this.start();
  }

  start(matchId = MATCH_ID): void {
    const { alan, beto } = this;
    alan.runs({ name: "begin", user: "beto" });
    beto.hears({ name: "invite", user: "alan" }).runs({ name: "answer", isYes: true });
    this.seat(matchId);
  }

  /** Continues after Beto has accepted. */
  seat(matchId = MATCH_ID, announced?: AnnouncedAddress): void {
    const { alan, beto } = this;
    const ticket = ticketFor(alan, beto, matchId);
    const ports = { gamePort: 4000, pingPort: 4001 };
    beto.happens({ kind: "listening", ...ports, announced });
    beto.hears({ name: "answerACK", user: "alan", ticket });
    alan.hears({
      name: "answer",
      user: "beto",
      accepted: true,
      details: ["127.0.0.1", "4000", "4001", ticket],
    });
    alan.happens({ kind: "peer-joined", matchId });
    beto.happens({ kind: "peer-joined", matchId });
    this.deliver(matchId);
    for (const player of [alan, beto]) {
      player.words();
      player.sent();
    }
  }

  /** Delivers everything that was sent, and the answers to it. */
  deliver(matchId = MATCH_ID): void {
    const fromAlan = this.alan.sentToPeer();
    const fromBeto = this.beto.sentToPeer();
    for (const message of fromAlan) this.beto.happens({ kind: "peer-said", matchId, message });
    for (const message of fromBeto) this.alan.happens({ kind: "peer-said", matchId, message });
    if (fromAlan.length + fromBeto.length > 0) this.deliver(matchId);
  }

  /** One of the two is started again; the other does not know yet. */
  restarts(who: "alan" | "beto"): void {
    this[who] = this[who].restarted().resumes();
  }

  /** The link is restored, and what was under way is lost. */
  meetAgain(matchId = MATCH_ID): void {
    for (const player of [this.alan, this.beto]) {
      player.happens({ kind: "peer-lost", matchId });
      player.sentToPeer();
    }
    for (const player of [this.alan, this.beto]) player.happens({ kind: "peer-joined", matchId });
    this.deliver(matchId);
  }

  /** `squares` in turn, X first, as `"22 11 …"`. */
  play(squares: string, matchId = MATCH_ID): void {
    for (const square of squares.split(" ")) {
      const turn = this.alan.session.match?.transcript.state.turn;
      const [row, column] = [...square].map(Number) as [number, number];
      (turn === "X" ? this.alan : this.beto).runs({ name: "send", row, column });
      this.deliver(matchId);
    }
  }
}

export function ticketFor(inviter: DrivenSession, invitee: DrivenSession, matchId = MATCH_ID): string {
  return signTicket(
    {
      matchId,
      inviter: inviter.session.user ?? "",
      inviterKey: inviter.publicKey,
      invitee: invitee.session.user ?? "",
      inviteeKey: invitee.publicKey,
      issuedAtSeconds: 1_700_000_000,
    },
    serverSigner,
  );
}
