// One simulated run: the shipped server and clients in a world of their own, troubled as the seed says, then healed
// and left until all is settled.
import type { Chance } from "../bots/chance.ts";
import type { SignatureScheme } from "../game/signature.ts";
import { type Fault, type KillMoment, planFaults } from "./faults.ts";
import { checkEnd, checkStanding, whatIsUnsettled } from "./invariants.ts";
import { MemoryStore } from "./memory-store.ts";
import { Person } from "./person.ts";
import { type Plant, plants } from "./plants.ts";
import { randomBytesFrom } from "./random-bytes.ts";
import { Seat } from "./seat.ts";
import { seededChance } from "./seeded-chance.ts";
import { ServerDisk } from "./server-disk.ts";
import { keyedHash, seededEd25519 } from "./signatures.ts";
import { SERVER_HOST, SimulatedServer } from "./simulated-server.ts";
import { VirtualNetwork } from "./virtual-network.ts";
import { VirtualProcess } from "./virtual-process.ts";
import type { VirtualSocket } from "./virtual-socket.ts";
import { VirtualTime } from "./virtual-time.ts";
import { Witness } from "./witness.ts";

/** Every so many seeds the signatures are real. */
const REAL_SIGNATURES_EVERY = 50;
const users = ["ana", "beto", "caio"];
/** From the end of all trouble: a lost opponent is awaited for 180 s, a proof for 180 s more. */
const SETTLE_LIMIT_MS = 600_000;
const LOOK_EVERY_MS = 1_000;
const START_AGAIN_MS = 2_000;
/** How Node tells of what nobody caught; LineConnection warns of a bug behind a line. */
const BUG_EVENTS = ["warning", "unhandledRejection", "uncaughtException"];

export interface SimulationOptions {
  seed: number;
  plant?: string | undefined;
  onTrace?: (line: string) => void;
}

export interface SimulationReport {
  seed: number;
  /** Null when every invariant held. */
  violation: string | null;
  matchCount: number;
  provenCount: number;
  faultCount: number;
  virtualMs: number;
  eventCount: number;
}

export function simulate(options: SimulationOptions): Promise<SimulationReport> {
  return new Simulation(options).run();
}

class Simulation {
  readonly #seed: number;
  readonly #plant: Plant;
  readonly #onTrace: ((line: string) => void) | undefined;
  readonly #time = new VirtualTime();
  readonly #disk = new ServerDisk();
  readonly #witness = new Witness(this.#disk);
  readonly #network: VirtualNetwork;
  readonly #signatures: SignatureScheme;
  readonly #seats: Seat[];
  readonly #troubleMs: number;
  readonly #isOneLeftForGood: boolean;
  readonly #faults: ReturnType<typeof planFaults>;
  readonly #diskChance: Chance;
  #isDiskFull = false;
  #server: SimulatedServer | null = null;
  /** What waits for the next write to its disk. */
  #serverKill: { process: VirtualProcess; moment: KillMoment; kill(): void } | null = null;
  #serverRuns = 0;

  constructor({ seed, plant, onTrace }: SimulationOptions) {
    this.#seed = seed;
    this.#plant = (plant === undefined ? undefined : plants[plant]) ?? { what: "nothing" };
    this.#onTrace = onTrace;
    const { fraction } = this.#chance("shape");
    const clientCount = fraction() < 0.3 ? 3 : 2;
    this.#troubleMs = 15_000 + fraction() * 60_000;
    this.#isOneLeftForGood = fraction() < 0.1;
    this.#faults = planFaults(this.#chance("faults"), clientCount, this.#troubleMs);
    this.#diskChance = this.#chance("disk");
    this.#network = new VirtualNetwork(this.#time, this.#chance("network"), (socket, text) =>
      this.#written(socket, text),
    );
    const random = randomBytesFrom(this.#chance("keys"));
    this.#signatures = seed % REAL_SIGNATURES_EVERY === 0 ? seededEd25519(random) : keyedHash(random);
    const all = users.slice(0, clientCount);
    this.#seats = all.map((user) => this.#newSeat(user, all));
  }

  async run(): Promise<SimulationReport> {
    const accuse = (error: unknown) => this.#witness.accuse(`bug: ${(error as Error).stack ?? error}`);
    for (const event of BUG_EVENTS) process.on(event, accuse);
    try {
      await this.#trouble();
      await this.#heal();
    } catch (error) {
      accuse(error);
    } finally {
      for (const event of BUG_EVENTS) process.off(event, accuse);
    }
    const [violation = null] = this.#witness.violations;
    if (violation) this.#trace("!!!", violation);
    const matches = [...this.#disk.matches.values()];
    return {
      seed: this.#seed,
      violation,
      matchCount: matches.length,
      provenCount: matches.filter(({ verdict }) => verdict?.basis === "proof").length,
      faultCount: this.#faults.length,
      virtualMs: this.#time.nowMs,
      eventCount: this.#time.plannedCount,
    };
  }

  async #trouble(): Promise<void> {
    this.#startServer();
    for (const seat of this.#seats) seat.start();
    for (const { atMs, fault } of this.#faults) this.#time.at(atMs, () => this.#strike(fault));
    await this.#passTo(this.#troubleMs);
  }

  async #heal(): Promise<void> {
    if (this.#hasFailed) return;
    this.#trace("---", "all trouble ends");
    this.#serverKill = null;
    this.#isDiskFull = false;
    this.#network.healAll();
    const [first] = this.#seats;
    if (this.#isOneLeftForGood && first) {
      first.kill("now", false, () => {});
      first.isLeftForGood = true;
    }
    for (const seat of this.#seats) {
      seat.disk.isBroken = false;
      seat.person.isGoingHome = true;
      seat.start();
    }
    const limitMs = this.#time.nowMs + SETTLE_LIMIT_MS;
    let unsettled: string | null = "nothing was looked at";
    while (unsettled !== null && !this.#hasFailed) {
      if (this.#time.nowMs >= limitMs)
        return this.#witness.accuse(
          `not settled ${SETTLE_LIMIT_MS / 1_000} s after all trouble: ${unsettled}`,
        );
      this.#startServer();
      await this.#passTo(this.#time.nowMs + LOOK_EVERY_MS);
      unsettled = whatIsUnsettled(this.#disk, this.#server, this.#seats);
    }
    checkEnd(this.#disk, this.#server, this.#seats, this.#witness);
  }

  get #hasFailed(): boolean {
    return this.#witness.violations.length > 0;
  }

  async #passTo(untilMs: number): Promise<void> {
    while (this.#time.nowMs < untilMs && !this.#hasFailed) {
      const stepMs = Math.min(untilMs, this.#time.nowMs + LOOK_EVERY_MS);
      await this.#time.pass(stepMs, () => this.#hasFailed);
      checkStanding(this.#disk, this.#server, this.#witness);
    }
  }

  #startServer(): void {
    if (this.#server?.process.isAlive) return;
    const process = new VirtualProcess(SERVER_HOST, this.#time);
    const { fraction } = this.#diskChance;
    const times = { commitMs: () => fraction() ** 2 * 20, tellMs: () => fraction() * 2 };
    const killsAt = (moment: KillMoment) => {
      if (this.#serverKill?.process === process && this.#serverKill.moment === moment)
        this.#serverKill.kill();
    };
    const { Store = MemoryStore, serverClock } = this.#plant;
    const isDiskFull = () => this.#isDiskFull;
    const store = new Store(this.#disk, process, times, {
      get isBroken() {
        return isDiskFull();
      },
      beforeChange: (update) => this.#witness.matchChanges(update),
      beforeCommit: () => killsAt("before-write"),
      afterCommit: () => killsAt("after-write"),
    });
    const server = new SimulatedServer({
      process,
      store,
      network: this.#network,
      chance: this.#chance(`server ${++this.#serverRuns}`),
      signatures: this.#signatures,
      clock: serverClock?.(process),
      onLog: (line) => this.#trace(SERVER_HOST, `logs ${line}`),
    });
    this.#server = server;
    this.#network.setUp(SERVER_HOST, true);
    this.#trace(SERVER_HOST, "starts");
    server.start().catch(() => {
      this.#trace(SERVER_HOST, "cannot start");
      process.kill(false);
      this.#time.at(this.#time.nowMs + START_AGAIN_MS, () => this.#startServer());
    });
  }

  #newSeat(user: string, all: readonly string[]): Seat {
    const others = all.filter((other) => other !== user);
    return new Seat({
      host: user,
      person: new Person(user, others, this.#chance(`${user} decides`)),
      time: this.#time,
      network: this.#network,
      chance: this.#chance(`${user}'s client`),
      signatures: this.#signatures,
      plantedKeeper: (keeper) => this.#plant.keeper?.(keeper) ?? keeper,
      tell: this.#onTrace ? (what) => this.#trace(user, what()) : () => {},
    });
  }

  #strike(fault: Fault): void {
    const nowMs = this.#time.nowMs;
    const clipped = (forMs: number) => Math.min(forMs, Math.max(0, this.#troubleMs - nowMs));
    const later = (forMs: number, run: () => void) => this.#time.at(nowMs + clipped(forMs), run);
    const client = "client" in fault ? this.#seats[fault.client] : undefined;
    const { kind, ...details } = fault;
    this.#trace(
      "***",
      [kind, ...Object.entries(details).map(([key, value]) => `${key} ${value}`)].join(", "),
    );
    switch (fault.kind) {
      case "server-killed":
        this.#planServerKill(fault.when, fault.isMachineLost, () =>
          later(fault.downMs, () => this.#startServer()),
        );
        break;
      case "server-stopped":
        void this.#server?.stop();
        later(fault.downMs + START_AGAIN_MS, () => this.#startServer());
        break;
      case "server-frozen":
        this.#server?.process.stop(clipped(fault.forMs));
        break;
      case "server-disk-full":
        this.#isDiskFull = true;
        later(fault.forMs, () => {
          this.#isDiskFull = false;
        });
        break;
      case "client-killed":
        client?.kill(fault.when, fault.isMachineLost, () => client.startIn(clipped(fault.downMs)));
        break;
      case "client-frozen":
        client?.process?.stop(clipped(fault.forMs));
        break;
      case "client-disk-full":
        if (client) client.disk.isBroken = true;
        later(fault.forMs, () => {
          if (client) client.disk.isBroken = false;
        });
        break;
      case "way-blocked": {
        const other = fault.other === null ? SERVER_HOST : this.#seats[fault.other]?.host;
        if (client && other) this.#network.block(client.host, other, clipped(fault.forMs));
        break;
      }
      case "connection-cut": {
        const sockets = [...(client?.process?.sockets ?? [])];
        sockets[fault.which % sockets.length]?.cut();
        break;
      }
      case "network-slow":
        this.#network.slowDown(fault.factor, clipped(fault.forMs));
    }
  }

  #planServerKill(moment: KillMoment, isMachineLost: boolean, afterKill: () => void): void {
    const process = this.#server?.process;
    if (!process?.isAlive) return;
    const kill = () => {
      this.#serverKill = null;
      process.kill(isMachineLost);
      this.#trace(SERVER_HOST, `KILLED ${moment}`);
      if (isMachineLost) this.#network.setUp(SERVER_HOST, false);
      afterKill();
    };
    if (moment === "now") kill();
    else this.#serverKill = { process, moment, kill };
  }

  /** Every line, just before it leaves the process that writes it. */
  #written(socket: VirtualSocket, text: string): void {
    const isServer = socket.owner.host === SERVER_HOST;
    const seat = this.#seats.find(({ host }) => host === socket.owner.host);
    for (const line of text.trimEnd().split("\n")) {
      if (this.#onTrace)
        this.#trace(socket.owner.host, `→ ${socket.peer?.owner.host}:${socket.port}  ${line}`);
      if (isServer) this.#witness.serverSays(line);
      else if (line.startsWith("result;")) this.#witness.clientReports(line);
      else if (seat && /^(play|end);/.test(line)) this.#mustBeKept(seat, line);
    }
  }

  #mustBeKept(seat: Seat, line: string): void {
    const signature = line.slice(line.lastIndexOf(";") + 1);
    if (seat.ownSignatures.has(signature) && !seat.disk.pastSignatures.has(signature))
      this.#witness.accuse(`${seat.host} sends an action that was never on disk: ${line}`);
  }

  #chance(label: string): Chance {
    return seededChance(this.#seed, label);
  }

  #trace(who: string, what: string): void {
    if (!this.#onTrace) return;
    const seconds = (this.#time.nowMs / 1_000).toFixed(3).padStart(9);
    this.#onTrace(`${seconds} s  ${who.padEnd(6)}  ${what}`);
  }
}
