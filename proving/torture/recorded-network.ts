// A client's network that records every request to the server, and every answer, in the history.
import type { Network } from "../../src/client/world.ts";
import type { Connection, DialHandlers } from "../../src/net/dial.ts";
import { type ErrorMessage, parseAnswer, parseMessage } from "../../src/protocol/codec.ts";
import { readAcceptedMatch } from "../../src/protocol/fields.ts";
import {
  type ControlFromServer,
  controlFromClient,
  controlFromServer,
  tlsFromClient,
  tlsFromServer,
} from "../../src/protocol/messages.ts";
import type { History, Request, RequestDetails, RequestKind, RequestOutcome } from "./history.ts";

export interface Recorder {
  readonly user: string;
  readonly history: History;
  /** A request is sent in this turn of the event loop. */
  onRequest(kind: RequestKind): void;
}

export function recordedNetwork(network: Network, recorder: Recorder): Network {
  return {
    ...network,
    dial: (options, handlers) =>
      watched((watching) => network.dial(options, watching), handlers, new ControlRecord(recorder)),
    dialTls: (options, handlers) =>
      watched((watching) => network.dialTls(options, watching), handlers, new TlsRecord(recorder)),
  };
}

/** The id of the match in a ticket; the signature is not checked here. */
export function matchIdIn(ticket: string): string {
  const [payload = ""] = ticket.split(".");
  return Buffer.from(payload, "base64url").toString().split(";")[1] ?? "";
}

interface ConnectionRecord {
  sent(line: string): void;
  received(line: string): void;
}

function watched(
  dial: (handlers: DialHandlers) => Connection,
  handlers: DialHandlers,
  record: ConnectionRecord,
): Connection {
  const connection = dial({
    onOpen: () => handlers.onOpen(),
    onLine(line) {
      record.received(line);
      return handlers.onLine(line);
    },
    onMalformed: () => handlers.onMalformed(),
    onClose: (error) => handlers.onClose(error),
  });
  return {
    get isOpen() {
      return connection.isOpen;
    },
    get remoteAddress() {
      return connection.remoteAddress;
    },
    send(line) {
      record.sent(line);
      connection.send(line);
    },
    end: (graceMs) => connection.end(graceMs),
    destroy: (error) => connection.destroy(error),
  };
}

/** A control connection. Heartbeat and peer connections carry nothing that belongs into the history. */
class ControlRecord implements ConnectionRecord {
  readonly #recorder: Recorder;
  #waiting: Request[] = [];

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  sent(line: string): void {
    const parsed = parseMessage(controlFromClient, line);
    if (!parsed.ok) return;
    const { message } = parsed;
    if (message.name === "logout") this.#add({ kind: "logout" });
    if (message.name === "answer" && message.accepted) this.#add({ kind: "answer", inviter: message.user });
    if (message.name === "result") this.#add({ kind: "result", matchId: matchIdIn(message.ticket) });
  }

  received(line: string): void {
    const parsed = parseAnswer(controlFromServer, line);
    if (parsed.ok) this.#handle(parsed.message);
  }

  #handle(message: ControlFromServer | ErrorMessage): void {
    const { user, history } = this.#recorder;
    switch (message.name) {
      case "error":
        this.#settle(message.request, { kind: "refused", code: message.code });
        break;
      case "logoutACK":
        this.#settle("logout", { kind: "acknowledged" });
        break;
      case "answerACK":
        if (message.ticket === undefined) break;
        this.#settle("answer", { kind: "acknowledged" });
        history.tickets.add(matchIdIn(message.ticket));
        break;
      case "answer": {
        const accepted = message.accepted ? readAcceptedMatch(message.details) : null;
        if (accepted) history.tickets.add(matchIdIn(accepted.ticket));
        break;
      }
      case "resultACK":
        this.#settle("result", { kind: "acknowledged" });
        this.#outcomeReported(user, message);
        break;
      case "settled":
        this.#outcomeReported(user, message);
    }
  }

  #outcomeReported(
    user: string,
    { matchId, outcome, points }: Extract<ControlFromServer, { name: "resultACK" | "settled" }>,
  ): void {
    this.#recorder.history.outcomes.push({ user, matchId, outcome, points });
  }

  #add(details: RequestDetails): void {
    this.#waiting.push(this.#recorder.history.add(this.#recorder.user, details));
    this.#recorder.onRequest(details.kind);
  }

  /** Answers come in the order of their requests. */
  #settle(kind: string, outcome: RequestOutcome): void {
    const index = this.#waiting.findIndex(({ details }) => details.kind === kind);
    const [request] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (request) request.outcome = outcome;
  }
}

/** A TLS connection: after `bind`, one request at a time. */
class TlsRecord implements ConnectionRecord {
  readonly #recorder: Recorder;
  #waiting: Request | null = null;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  sent(line: string): void {
    const parsed = parseMessage(tlsFromClient, line);
    if (!parsed.ok || parsed.message.name === "bind") return;
    const { name: kind, ...values } = parsed.message;
    this.#waiting = this.#recorder.history.add(this.#recorder.user, { kind, ...values } as RequestDetails);
    this.#recorder.onRequest(kind);
  }

  received(line: string): void {
    const parsed = parseAnswer(tlsFromServer, line);
    if (!parsed.ok || !this.#waiting) return;
    const { message } = parsed;
    const token = "token" in message ? message.token : undefined;
    this.#waiting.outcome =
      message.name === "error" ? { kind: "refused", code: message.code } : { kind: "acknowledged", token };
    this.#waiting = null;
  }
}
