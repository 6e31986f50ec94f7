// The way to the server: keeps it open, comes back after a loss (docs/PROTOCOL.md §6), makes secure requests one
// after another.
import type { ErrorMessage } from "../../protocol/codec.ts";
import type { ControlFromClient, ControlFromServer } from "../../protocol/messages.ts";
import type { ServerAddresses } from "../server-addresses.ts";
import type { SecureRequest } from "../session/event.ts";
import type { Notice } from "../session/notice.ts";
import type { World } from "../world.ts";
import { Backoff } from "./backoff.ts";
import { SecureExchange, type SecureOutcome } from "./secure-request.ts";
import { type ServerAddress, ServerConnection } from "./server-connection.ts";

const GOODBYE_LIMIT_MS = 1_000;

export interface ServerLinkHandlers {
  onConnected(): void;
  /** The first attempt failed, and no match justifies waiting. */
  onUnreachable(reason: string): void;
  onLost(isReplaced: boolean): void;
  onGivenUp(): void;
  onMessage(message: ControlFromServer | ErrorMessage): void;
  onSecureOutcome(request: SecureRequest, outcome: SecureOutcome | null): void;
  say(notice: Notice): void;
}

export class ServerLink {
  readonly #world: World;
  readonly #addresses: ServerAddresses;
  /** The index of the current or next address. */
  #turn = 0;
  readonly #handlers: ServerLinkHandlers;
  readonly #backoff: Backoff;
  #connection: ServerConnection | null = null;
  #isReady = false;
  /** A server that cannot be reached is tried again. */
  #isPatient = false;
  #isReported = false;
  #isLeaving = false;
  #onLeft: () => void = () => {};
  #secureQueue: SecureRequest[] = [];
  #exchange: SecureExchange | null = null;
  #stopWaiting: () => void = () => {};

  /** After a loss, the servers are tried in turn for `patienceMs`. */
  constructor(world: World, addresses: ServerAddresses, patienceMs: number, handlers: ServerLinkHandlers) {
    this.#world = world;
    this.#addresses = addresses;
    this.#handlers = handlers;
    this.#backoff = new Backoff(world.clock, world.random, patienceMs);
  }

  /** `isPatient`: a server that is not there at the start counts as lost. */
  start(isPatient: boolean): void {
    this.#isPatient = isPatient;
    this.connect();
  }

  connect(): void {
    this.#stopWaiting();
    this.#connection ??= new ServerConnection(this.#world, this.#address, {
      onReady: () => this.#ready(),
      onMessage: (message) => this.#handlers.onMessage(message),
      onLost: (reason, isReplaced) => this.#lost(reason, isReplaced),
    });
  }

  send(message: ControlFromClient): void {
    this.#connection?.send(message);
  }

  /** While the server is away the outcome is null at once: nothing waits for a later connection. */
  ask(request: SecureRequest): void {
    if (!this.#isReady) {
      this.#handlers.onSecureOutcome(request, null);
      return;
    }
    this.#secureQueue.push(request);
    this.#askNext();
  }

  /** Says goodbye to the server and resolves when the connections are closed, or after a second. */
  leave(): Promise<void> {
    this.#isLeaving = true;
    this.#stopWaiting();
    this.#exchange?.drop();
    if (!this.#connection || !this.#isReady) {
      this.#connection?.end();
      return Promise.resolve();
    }
    this.#connection.send({ name: "exit" });
    return new Promise((resolve) => {
      const stopLimit = this.#world.clock.after(GOODBYE_LIMIT_MS, () => this.#onLeft());
      this.#onLeft = () => {
        stopLimit();
        this.#connection?.end();
        resolve();
      };
    });
  }

  #ready(): void {
    this.#isReady = true;
    this.#isPatient = true;
    this.#isReported = false;
    this.#backoff.reset();
    this.#handlers.onConnected();
  }

  #lost(reason: string, isReplaced: boolean): void {
    this.#connection = null;
    this.#isReady = false;
    if (this.#isLeaving) {
      this.#onLeft();
      return;
    }
    this.#turn = (this.#turn + 1) % this.#addresses.length;
    if (!this.#isPatient) {
      if (this.#turn > 0) this.connect();
      else this.#handlers.onUnreachable(reason);
      return;
    }
    if (!this.#isReported) {
      this.#isReported = true;
      this.#handlers.onLost(isReplaced);
      this.#dropSecureRequests();
    }
    if (!isReplaced) this.#connectLater();
  }

  get #address(): ServerAddress {
    return this.#addresses[this.#turn] ?? this.#addresses[0];
  }

  #connectLater(): void {
    const waitMs = this.#backoff.nextWaitMs();
    if (waitMs === null) {
      this.#backoff.reset();
      this.#handlers.onGivenUp();
      return;
    }
    this.#stopWaiting = this.#world.clock.after(waitMs, () => this.connect());
  }

  #askNext(): void {
    const secure = this.#connection?.secure;
    const request = this.#secureQueue[0];
    if (this.#exchange || !request || !secure) return;
    const { host, port } = this.#address;
    const target = { host, server: `${host}:${port}`, ...secure };
    this.#exchange = new SecureExchange(
      this.#world,
      target,
      request,
      (notice) => this.#handlers.say(notice),
      (outcome) => {
        this.#exchange = null;
        this.#secureQueue.shift();
        this.#handlers.onSecureOutcome(request, outcome);
        this.#askNext();
      },
    );
  }

  #dropSecureRequests(): void {
    this.#exchange?.drop();
    this.#exchange = null;
    for (const request of this.#secureQueue.splice(0)) this.#handlers.onSecureOutcome(request, null);
  }
}
