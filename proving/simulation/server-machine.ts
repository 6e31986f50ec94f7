// The server's machine: its disk, and the server's process, which is killed and started again.
import type { SignatureScheme } from "../../src/game/signature.ts";
import type { MatchUpdate } from "../../src/server/store/store.ts";
import type { Chance } from "../../src/shared/chance/chance.ts";
import type { KillMoment } from "./faults.ts";
import { MemoryStore } from "./memory-store.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import type { ServerDisk } from "./server-disk.ts";
import { SERVER_HOST, SimulatedServer } from "./simulated-server.ts";
import type { VirtualNetwork } from "./virtual-network.ts";
import { VirtualProcess } from "./virtual-process.ts";
import type { VirtualTime } from "./virtual-time.ts";

const START_AGAIN_MS = 2_000;
const LONGEST_COMMIT_MS = 20;
const LONGEST_REPLY_MS = 2;

export interface ServerMachineParts {
  disk: ServerDisk;
  time: VirtualTime;
  network: VirtualNetwork;
  /** An independent stream for each label. */
  chance(label: string): Chance;
  signatures: SignatureScheme;
  plant: PlantedBug;
  /** A transaction is about to change a match. */
  onMatchChange(update: MatchUpdate): void;
  trace(what: () => string): void;
}

export class ServerMachine {
  isDiskFull = false;
  readonly #parts: ServerMachineParts;
  readonly #diskChance: Chance;
  #server: SimulatedServer | null = null;
  #runs = 0;
  /** A kill that waits for the next write to disk. */
  #kill: { process: VirtualProcess; moment: KillMoment; kill(): void } | null = null;

  constructor(parts: ServerMachineParts) {
    this.#parts = parts;
    this.#diskChance = parts.chance("disk");
  }

  /** The latest one, alive or not. */
  get server(): SimulatedServer | null {
    return this.#server;
  }

  start(): void {
    if (this.#server?.process.isAlive) return;
    const { time, network, chance, signatures, plant, trace } = this.#parts;
    const process = new VirtualProcess(SERVER_HOST, time);
    const server = new SimulatedServer({
      process,
      store: this.#storeOf(process),
      network,
      chance: chance(`server ${++this.#runs}`),
      signatures,
      clock: plant.serverClock?.(process),
      onLog: (line) => trace(() => `logs ${line}`),
    });
    this.#server = server;
    network.setUp(SERVER_HOST, true);
    trace(() => "starts");
    server.start().catch(() => {
      trace(() => "cannot start");
      process.kill(false);
      this.startIn(START_AGAIN_MS);
    });
  }

  startIn(delayMs: number): void {
    const { time } = this.#parts;
    time.at(time.nowMs + delayMs, () => this.start());
  }

  /** Stops the server as SIGTERM does, then calls `afterStop`. */
  stop(afterStop: () => void): void {
    void this.#server?.stop().then(afterStop);
  }

  /** `kill -9`, at once or around the next write to disk; then calls `afterKill`. */
  kill(moment: KillMoment, isMachineLost: boolean, afterKill: () => void): void {
    const process = this.#server?.process;
    if (!process?.isAlive) return;
    const kill = () => {
      this.#kill = null;
      process.kill(isMachineLost);
      this.#parts.trace(() => `KILLED ${moment}`);
      if (isMachineLost) this.#parts.network.setUp(SERVER_HOST, false);
      afterKill();
    };
    if (moment === "now") kill();
    else this.#kill = { process, moment, kill };
  }

  /** Ends all faults. */
  heal(): void {
    this.isDiskFull = false;
    this.#kill = null;
  }

  #storeOf(process: VirtualProcess): MemoryStore {
    const { disk, plant, onMatchChange } = this.#parts;
    const { fraction } = this.#diskChance;
    const times = {
      commitMs: () => fraction() ** 2 * LONGEST_COMMIT_MS,
      replyMs: () => fraction() * LONGEST_REPLY_MS,
    };
    const killAt = (moment: KillMoment) => {
      if (this.#kill?.process === process && this.#kill.moment === moment) this.#kill.kill();
    };
    return new (plant.Store ?? MemoryStore)(disk, process, times, {
      isBroken: () => this.isDiskFull,
      beforeChange: onMatchChange,
      beforeCommit: () => killAt("before-write"),
      afterCommit: () => killAt("after-write"),
    });
  }
}
