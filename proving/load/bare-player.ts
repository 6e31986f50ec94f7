// A player that consists of its connections to a server alone, without prompt, session and peer. Its TLS runs over a plain
// socket opened here, so that socket-bytes.ts can count the bytes on the wire.
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ed25519Signer, newPrivateKey } from "../../src/game/signature.ts";
import { LineConnection } from "../../src/net/line-connection.ts";
import { MAX_LINE_TO_CLIENT_BYTES } from "../../src/protocol/line.ts";

const ANSWER_LIMIT_MS = 20_000;

export interface Server {
  readonly host: string;
  readonly port: number;
}

/** Waits for lines by their beginning; other lines are dropped. */
class Conversation {
  readonly #connection: LineConnection;
  readonly #awaited = new Map<string, (line: string) => void>();

  constructor(socket: Socket, onLine: (line: string, say: (line: string) => void) => void = () => {}) {
    this.#connection = new LineConnection(
      socket,
      { maxLineBytes: MAX_LINE_TO_CLIENT_BYTES },
      {
        onLine: (line) => {
          onLine(line, (answer) => this.say(answer));
          for (const [start, resolve] of this.#awaited) if (line.startsWith(start)) resolve(line);
        },
        onMalformed: () => {},
        onClose: () => {},
      },
    );
  }

  say(line: string): void {
    this.#connection.send(line);
  }

  end(): void {
    this.#connection.end();
  }

  /** Resolves with the blocks after `start`. Rejects when no such line arrives. */
  async hears(start: string): Promise<string[]> {
    const line = await new Promise<string>((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error(`no line arrived that begins with ${start}`)),
        ANSWER_LIMIT_MS,
      );
      this.#awaited.set(start, (heard) => {
        clearTimeout(limit);
        resolve(heard);
      });
    });
    this.#awaited.delete(start);
    return line.slice(start.length).split(";").slice(1);
  }

  asks(line: string, answer: string): Promise<string[]> {
    const answered = this.hears(answer);
    this.say(line);
    return answered;
  }
}

export class BarePlayer {
  readonly name: string;
  readonly control: Conversation;
  readonly signer = ed25519Signer(newPrivateKey());
  /** The ticket of its match. */
  ticket = "";
  ticketKey = "";
  readonly #heartbeat: Conversation;

  /** Logs in as a real client does: with a heartbeat, and one TLS connection that is closed after the answer. */
  static async login(name: string, password: string, { host, port }: Server): Promise<BarePlayer> {
    const control = new Conversation(connect({ host, port, allowHalfOpen: true }));
    const [tlsPort, connectionId = ""] = await control.hears("secport");
    const heartbeat = new Conversation(connect({ host, port, allowHalfOpen: true }), (line, say) => {
      if (line.startsWith("ping;")) say(`pong;${line.slice("ping;".length)}`);
    });
    await heartbeat.hears("secport");
    await heartbeat.asks(`heartbeat;${connectionId}`, "heartbeatACK");
    const player = new BarePlayer(name, control, heartbeat);
    const wire = connect({ host, port: Number(tlsPort) });
    // Servers under test have self-signed certificates.
    const secure = new Conversation(connectTls({ socket: wire, rejectUnauthorized: false }));
    [player.ticketKey = ""] = await secure.asks(`bind;${connectionId}`, "bindACK");
    await secure.asks(`login;${name};${password};${player.signer.publicKey}`, `loginACK;${name}`);
    secure.end();
    return player;
  }

  private constructor(name: string, control: Conversation, heartbeat: Conversation) {
    this.name = name;
    this.control = control;
    this.#heartbeat = heartbeat;
  }

  leave(): void {
    this.control.end();
    this.#heartbeat.end();
  }
}
