// A player's machine: the person, the disk, and the client's process, which is killed and started again.
import type { Client } from "../../src/client/client.ts";
import type { Notice } from "../../src/client/session/notice.ts";
import type { Keeper } from "../../src/client/world.ts";
import type { SignatureScheme } from "../../src/game/signature.ts";
import type { Chance } from "../../src/shared/chance/chance.ts";
import { ClientDisk } from "./client-disk.ts";
import type { KillMoment } from "./faults.ts";
import type { Person, PersonAction } from "./person.ts";
import { newClient } from "./simulated-client.ts";
import type { VirtualNetwork } from "./virtual-network.ts";
import { VirtualProcess } from "./virtual-process.ts";
import type { VirtualTime } from "./virtual-time.ts";

const THINKING_MS = 2_500;
const HURRYING_MS = 500;
const AWAY_MS = 15_000;
/** How often a client starts a new session instead of continuing an earlier one. */
const NEW_SESSION_SHARE = 0.1;

export interface PlayerMachineParts {
  host: string;
  person: Person;
  time: VirtualTime;
  network: VirtualNetwork;
  chance: Chance;
  signatures: SignatureScheme;
  plantedKeeper: (keeper: Keeper) => Keeper;
  trace(what: () => string): void;
}

export class PlayerMachine {
  readonly host: string;
  readonly person: Person;
  readonly disk = new ClientDisk();
  /** The signatures of this player's actions. */
  readonly ownSignatures = new Set<string>();
  /** The program is not started again. */
  isLeftForGood = false;
  #process: VirtualProcess | null = null;
  #client: Client | null = null;
  /** A kill that waits for the next write to disk. */
  #kill: { process: VirtualProcess; moment: KillMoment; kill(): void } | null = null;
  readonly #parts: PlayerMachineParts;

  constructor(parts: PlayerMachineParts) {
    this.#parts = parts;
    this.host = parts.host;
    this.person = parts.person;
  }

  get process(): VirtualProcess | null {
    return this.#process?.isAlive ? this.#process : null;
  }

  /** Null while the program is not running. */
  get client(): Client | null {
    return this.process && this.#client;
  }

  start(): void {
    if (this.process || this.isLeftForGood) return;
    const { host, time, network, chance, signatures, trace } = this.#parts;
    const process = new VirtualProcess(host, time);
    this.#process = process;
    network.setUp(host, true);
    const free = this.disk.free;
    const id =
      chance.fraction() < NEW_SESSION_SHARE ? undefined : free[Math.floor(chance.fraction() * free.length)];
    trace(() => (id === undefined ? "starts the client" : "starts the client and continues its session"));
    const { kept, keeper } = this.disk.open(process, id ?? null, (moment) => {
      if (this.#kill?.process === process && this.#kill.moment === moment) this.#kill.kill();
    });
    const client = newClient({
      process,
      network,
      chance,
      signatures: this.#recorded(signatures),
      keeper: this.#parts.plantedKeeper(keeper),
      onNotice: (notice) => this.#hear(notice),
      onUnreachable: () => {
        trace(() => "finds no server; the client ends");
        process.kill(false);
        this.startIn(chance.fraction() * AWAY_MS);
      },
    });
    this.#client = client;
    client.start(kept);
    this.#act(process, client);
  }

  startIn(delayMs: number): void {
    const { time } = this.#parts;
    time.at(time.nowMs + delayMs, () => this.start());
  }

  /** `kill -9`, at once or around the next write to disk; `afterKill` follows. */
  kill(moment: KillMoment, isMachineLost: boolean, afterKill: () => void): void {
    const { process } = this;
    if (!process) return;
    const kill = () => {
      this.#kill = null;
      process.kill(isMachineLost);
      this.#parts.trace(() => `KILLED ${moment}`);
      if (isMachineLost) this.#parts.network.setUp(this.host, false);
      afterKill();
    };
    if (moment === "now") kill();
    else this.#kill = { process, moment, kill };
  }

  #recorded(signatures: SignatureScheme): SignatureScheme {
    return {
      ...signatures,
      signer: (privateKey) => {
        const signer = signatures.signer(privateKey);
        const sign = (bytes: Uint8Array) => {
          const signature = signer.sign(bytes);
          this.ownSignatures.add(signature);
          return signature;
        };
        return { publicKey: signer.publicKey, sign };
      },
    };
  }

  #hear(notice: Notice): void {
    this.person.hear(notice);
    if (notice.kind !== "board") this.#parts.trace(() => `sees ${described(notice)}`);
  }

  #act(process: VirtualProcess, client: Client): void {
    const { chance, trace } = this.#parts;
    const pace = this.person.isGoingHome ? HURRYING_MS : THINKING_MS;
    process.after(100 + chance.fraction() * pace, () => {
      const action = this.person.next(client.session);
      if (action) trace(() => `types ${typed(action)}`);
      if (action?.name === "exit") this.#exit(process, client);
      else if (action) client.run(action);
      if (action?.name !== "exit") this.#act(process, client);
    });
  }

  #exit(process: VirtualProcess, client: Client): void {
    void client.leave().then(() => {
      process.kill(false);
      this.startIn(this.#parts.chance.fraction() * AWAY_MS);
    });
  }
}

function typed({ name, ...rest }: Exclude<PersonAction, null>): string {
  return [name, ...Object.values(rest)].join(" ");
}

function described({ kind, ...rest }: Notice): string {
  const details = Object.entries(rest).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return [kind, ...details].join(", ");
}
