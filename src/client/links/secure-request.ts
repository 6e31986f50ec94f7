// One request over TLS (docs/PROTOCOL.md §2): connect, look at the certificate, bind, ask, close.

import type { Connection, ServerCertificate } from "../../net/dial.ts";
import { formatMessage, parseAnswer } from "../../protocol/codec.ts";
import { MAX_LINE_TO_CLIENT_BYTES } from "../../protocol/line.ts";
import { tlsFromClient, tlsFromServer } from "../../protocol/messages.ts";
import type { SecureAnswer, SecureRequest } from "../session/event.ts";
import type { Notice } from "../session/notice.ts";
import type { Judgement, World } from "../world.ts";

const CONNECT_LIMIT_MS = 5_000;
/** Passwords are hashed one after another, so a queue may stand before this one. */
const ANSWER_LIMIT_MS = 30_000;

export interface SecureTarget {
  host: string;
  /** Host and main port: what the certificate is remembered by. */
  server: string;
  tlsPort: number;
  connectionId: string;
}

export type SecureOutcome =
  | { ok: true; answer: SecureAnswer; ticketKey: string }
  | { ok: false; notice: Notice };

export class SecureExchange {
  readonly #world: World;
  readonly #target: SecureTarget;
  readonly #request: SecureRequest;
  readonly #say: (notice: Notice) => void;
  readonly #onOutcome: (outcome: SecureOutcome) => void;
  readonly #connection: Connection;
  readonly #stopLimit: () => void;
  #ticketKey: string | null = null;
  #refusal: Notice | null = null;
  #isOver = false;

  constructor(
    world: World,
    target: SecureTarget,
    request: SecureRequest,
    say: (notice: Notice) => void,
    onOutcome: (outcome: SecureOutcome) => void,
  ) {
    this.#world = world;
    this.#target = target;
    this.#request = request;
    this.#say = say;
    this.#onOutcome = onOutcome;
    this.#stopLimit = world.clock.after(ANSWER_LIMIT_MS, () => this.#fail("it does not answer"));
    this.#connection = world.network.dialTls(
      {
        host: target.host,
        port: target.tlsPort,
        maxLineBytes: MAX_LINE_TO_CLIENT_BYTES,
        timeoutMs: CONNECT_LIMIT_MS,
        accept: (certificate) => this.#judge(certificate),
      },
      {
        onOpen: () => this.#bind(),
        onLine: (line) => this.#read(line),
        onMalformed: () => this.#fail("it sent what is not a line of this protocol"),
        onClose: (error) => this.#fail(error ? error.message : "it closed the connection"),
      },
    );
  }

  /** The server is lost; no handler is called any more. */
  drop(): void {
    this.#finish();
    this.#connection.destroy();
  }

  #judge(certificate: ServerCertificate): boolean {
    const { server } = this.#target;
    const judgement = this.#judgementOf(certificate);
    if (judgement.kind === "first-use") {
      this.#say({ kind: "first-use", server, fingerprint: certificate.fingerprint });
    } else if (judgement.kind === "changed") {
      const { kind: _, ...change } = judgement;
      this.#refusal = { kind: "certificate-changed", server, shown: certificate.fingerprint, ...change };
    } else if (judgement.kind === "expired") {
      this.#refusal = { kind: "certificate-expired", server };
    } else if (judgement.kind === "cannot-tell") {
      this.#refusal = { kind: "secure-failed", reason: judgement.reason };
    }
    return this.#refusal === null;
  }

  /** What is known of certificates is on a disk, which may be full or not readable. */
  #judgementOf(certificate: ServerCertificate): Judgement | { kind: "cannot-tell"; reason: string } {
    try {
      return this.#world.trust.judge(this.#target.server, certificate);
    } catch (error) {
      return { kind: "cannot-tell", reason: (error as Error).message };
    }
  }

  #bind(): void {
    const { connectionId } = this.#target;
    this.#connection.send(formatMessage(tlsFromClient, { name: "bind", connectionId }));
  }

  #read(line: string): void {
    const parsed = parseAnswer(tlsFromServer, line);
    if (!parsed.ok || this.#isOver) return;
    const { message } = parsed;
    if (message.name === "bindACK") {
      this.#ticketKey = message.ticketKey;
      this.#connection.send(formatMessage(tlsFromClient, this.#request));
    } else if (this.#ticketKey !== null && !this.#isAnswer(message)) {
      this.#fail("its answer does not fit the request");
    } else if (this.#ticketKey !== null) {
      this.#finish();
      this.#connection.end();
      this.#onOutcome({ ok: true, answer: message, ticketKey: this.#ticketKey });
    } else if (message.name === "error") {
      this.#fail(message.text || message.code);
    }
  }

  #isAnswer({ name }: SecureAnswer): boolean {
    return name === "error" || name === `${this.#request.name}ACK`;
  }

  #fail(reason: string): void {
    if (this.#isOver) return;
    this.#finish();
    this.#connection.destroy();
    this.#onOutcome({ ok: false, notice: this.#refusal ?? { kind: "secure-failed", reason } });
  }

  #finish(): void {
    this.#isOver = true;
    this.#stopLimit();
  }
}
