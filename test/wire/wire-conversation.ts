// Plays a conversation of docs/PROTOCOL.md with a real server.
import type { PlayerSymbol } from "../../src/game/board.ts";
import { ed25519Signer, newPrivateKey, type Signer } from "../../src/game/signature.ts";
import type { Ticket } from "../../src/game/ticket.ts";
import { newTranscript, signAction, type Transcript } from "../../src/game/transcript.ts";
import { type Captures, fillLine } from "./line-pattern.ts";
import { RawConnection } from "./raw-connection.ts";

export interface Statement {
  /** The name before the arrow: a control connection, or the TLS or heartbeat connection that belongs to one. */
  connection: string;
  isFromServer: boolean;
  line: string;
}

/** Reads lines like `Alan TLS → bind;<AlanId>`. */
export function parseStatement(text: string): Statement {
  const [, connection, arrow, line] = /^(.+?) (→|←) (.*)$/.exec(text) ?? [];
  if (!connection || line === undefined) throw new Error(`neither sent nor received: ${text}`);
  return { connection, isFromServer: arrow === "←", line };
}

export class WireConversation {
  readonly #port: number;
  readonly #connections = new Map<string, RawConnection>();
  readonly #alan = ed25519Signer(newPrivateKey());
  readonly #beto = ed25519Signer(newPrivateKey());
  readonly #known: Captures;

  constructor(port: number) {
    this.#port = port;
    this.#known = {
      AlanKey: this.#alan.publicKey,
      BetoKey: this.#beto.publicKey,
      anyKey: Buffer.alloc(32, 7).toString("base64url"),
    };
  }

  async play({ connection: name, isFromServer, line }: Statement): Promise<void> {
    const connection = await this.#connectionNamed(name);
    if (!isFromServer) {
      if (line.startsWith("result;")) this.#signActions(line);
      connection.says(fillLine(line, this.#known));
    } else if (line === "(closed)") {
      await connection.seesClose();
    } else {
      Object.assign(this.#known, await connection.sees(line, this.#known));
    }
  }

  /** Lines that the server sent and the conversation does not show, except heartbeats. */
  unseen(): string[] {
    return [...this.#connections].flatMap(([name, { unseen }]) =>
      name.endsWith(" heartbeat") ? [] : unseen.map((line) => `${name} ← ${line}`),
    );
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }

  async #connectionNamed(name: string): Promise<RawConnection> {
    const open = this.#connections.get(name);
    if (open) return open;
    const connection = name.endsWith(" TLS")
      ? await RawConnection.openTls(Number(this.#known.tlsPort))
      : await RawConnection.open(this.#port);
    if (name.endsWith(" heartbeat")) connection.answersPings();
    this.#connections.set(name, connection);
    return connection;
  }

  /** Signs the actions of the line, and makes the signatures known as `<s1>`, `<s2>`, … */
  #signActions(line: string): void {
    const signers: Record<PlayerSymbol, Signer> = { X: this.#alan, O: this.#beto };
    const squares = line.split(";").flatMap((block) => {
      const [, row, column] = /^([1-3]),([1-3]),/.exec(block) ?? [];
      return row && column ? [{ kind: "play", row: Number(row), column: Number(column) } as const] : [];
    });
    let transcript: Transcript = newTranscript(this.#known.ticket ?? "", {} as Ticket);
    for (const [index, action] of squares.entries()) {
      const by = transcript.state.turn;
      const signed = signAction(transcript, by, action, signers[by]);
      if (!signed.ok) throw new Error(`${line}: ${signed.code}`);
      transcript = signed.transcript;
      this.#known[`s${index + 1}`] = transcript.actions[index]?.signature ?? "";
    }
  }
}
