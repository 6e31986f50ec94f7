// One life of the control connection and its heartbeat (docs/PROTOCOL.md §2). What breaks either breaks both.

import type { Connection, DialHandlers } from "../../net/dial.ts";
import { type ErrorMessage, formatMessage, parseAnswer, parseMessage } from "../../protocol/codec.ts";
import { MAX_LINE_TO_CLIENT_BYTES } from "../../protocol/line.ts";
import {
  type ControlFromClient,
  type ControlFromServer,
  controlFromClient,
  controlFromServer,
  heartbeatFromClient,
  heartbeatFromServer,
} from "../../protocol/messages.ts";
import type { World } from "../world.ts";

const CONNECT_LIMIT_MS = 5_000;
/** The number of silent intervals after which a server counts as lost. */
const SILENT_INTERVALS = 2.5;

export interface ServerAddress {
  host: string;
  port: number;
}

export interface ServerConnectionHandlers {
  /** Both connections have joined. */
  onReady(): void;
  onMessage(message: ControlFromServer | ErrorMessage): void;
  /** Once; nothing follows. `reason` is for people. */
  onLost(reason: string, isReplaced: boolean): void;
}

export class ServerConnection {
  readonly #world: World;
  readonly #address: ServerAddress;
  readonly #handlers: ServerConnectionHandlers;
  readonly #control: Connection;
  #heartbeat: Connection | null = null;
  #secure: { tlsPort: number; connectionId: string } | null = null;
  #isReplaced = false;
  #isOver = false;
  #stopWatch: () => void;

  constructor(world: World, address: ServerAddress, handlers: ServerConnectionHandlers) {
    this.#world = world;
    this.#address = address;
    this.#handlers = handlers;
    this.#stopWatch = world.clock.after(CONNECT_LIMIT_MS, () =>
      this.#lose("it does not speak this protocol, or does not answer"),
    );
    this.#control = this.#dial({
      onOpen: () => {},
      onLine: (line) => this.#readControl(line),
    });
  }

  /** Where, and as what, secure requests of this connection are made; null before the server has said it. */
  get secure(): { tlsPort: number; connectionId: string } | null {
    return this.#secure;
  }

  send(message: ControlFromClient): void {
    this.#control.send(formatMessage(controlFromClient, message));
  }

  /** Closes the connection; no handler is called any more. */
  end(): void {
    this.#isOver = true;
    this.#stopWatch();
    this.#control.end();
    this.#heartbeat?.end();
  }

  #dial(handlers: Pick<DialHandlers, "onOpen" | "onLine">): Connection {
    const { host, port } = this.#address;
    return this.#world.network.dial(
      { host, port, maxLineBytes: MAX_LINE_TO_CLIENT_BYTES, timeoutMs: CONNECT_LIMIT_MS },
      {
        ...handlers,
        onMalformed: () => this.#lose("it sent what is not a line of this protocol"),
        onClose: (error) => this.#lose(error ? error.message : "it closed the connection"),
      },
    );
  }

  #readControl(line: string): void {
    if (this.#isOver) return;
    const parsed = parseAnswer(controlFromServer, line);
    if (!parsed.ok) return;
    const { message } = parsed;
    if (message.name === "secport") {
      if (this.#secure) return;
      this.#secure = { tlsPort: message.tlsPort, connectionId: message.connectionId };
      this.#openHeartbeat(message.connectionId);
    } else if (message.name === "disconnect") {
      this.#isReplaced = message.reason === "REPLACED";
      this.#lose(message.reason);
    } else {
      this.#handlers.onMessage(message);
    }
  }

  #openHeartbeat(connectionId: string): void {
    const hello = formatMessage(heartbeatFromClient, { name: "heartbeat", connectionId });
    let intervalMs = 0;
    const heartbeat = this.#dial({
      onOpen: () => heartbeat.send(hello),
      onLine: (line) => {
        const parsed = parseMessage(heartbeatFromServer, line);
        if (!parsed.ok || this.#isOver) return;
        const { message } = parsed;
        if (message.name === "heartbeatACK" && intervalMs === 0) {
          intervalMs = message.intervalMs;
          this.#watch(intervalMs);
          this.#handlers.onReady();
        } else if (message.name === "ping" && intervalMs > 0) {
          heartbeat.send(formatMessage(heartbeatFromClient, { name: "pong", n: message.n }));
          this.#watch(intervalMs);
        }
      },
    });
    this.#heartbeat = heartbeat;
  }

  #watch(intervalMs: number): void {
    this.#stopWatch();
    this.#stopWatch = this.#world.clock.after(intervalMs * SILENT_INTERVALS, () =>
      this.#lose("its heartbeat has stopped"),
    );
  }

  #lose(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopWatch();
    this.#control.end();
    this.#heartbeat?.end();
    this.#handlers.onLost(reason, this.#isReplaced);
  }
}
