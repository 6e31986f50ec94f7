// One simulated run: the shipped server and clients in a world of their own, troubled as the seed says, then healed
// and left until all is settled.

import type { SignatureScheme } from "../../src/game/signature.ts";
import type { Chance } from "../../src/shared/chance/chance.ts";
import { seededChance } from "../../src/shared/chance/seeded-chance.ts";
import { described, planFaults } from "./faults.ts";
import { checkEnd, checkStanding, whatIsUnsettled } from "./invariants.ts";
import { Person } from "./person.ts";
import { type Plant, plants } from "./plants.ts";
import { randomBytesFrom } from "./random-bytes.ts";
import { Seat } from "./seat.ts";
import { ServerDisk } from "./server-disk.ts";
import { ServerMachine } from "./server-machine.ts";
import { keyedHash, seededEd25519 } from "./signatures.ts";
import { SERVER_HOST } from "./simulated-server.ts";
import { Troubles } from "./troubles.ts";
import { VirtualNetwork } from "./virtual-network.ts";
import type { VirtualSocket } from "./virtual-socket.ts";
import { VirtualTime } from "./virtual-time.ts";
import { Witness } from "./witness.ts";

/** Every so many seeds the signatures are real. */
const REAL_SIGNATURES_EVERY = 50;
const users = ["ana", "beto", "caio"];
/** From the end of all trouble: a lost opponent is awaited for 180 s, a proof for 180 s more. */
const SETTLE_LIMIT_MS = 600_000;
const LOOK_EVERY_MS = 1_000;
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
  readonly #machine: ServerMachine;
  readonly #troubles: Troubles;

  constructor({ seed, plant, onTrace }: SimulationOptions) {
    this.#seed = seed;
    this.#plant = (plant === undefined ? undefined : plants[plant]) ?? { what: "nothing" };
    this.#onTrace = onTrace;
    const { fraction } = this.#chance("shape");
    const clientCount = fraction() < 0.3 ? 3 : 2;
    this.#troubleMs = 15_000 + fraction() * 60_000;
    this.#isOneLeftForGood = fraction() < 0.1;
    this.#faults = planFaults(this.#chance("faults"), clientCount, this.#troubleMs);
    this.#network = new VirtualNetwork(this.#time, this.#chance("network"), (socket, text) =>
      this.#written(socket, text),
    );
    const random = randomBytesFrom(this.#chance("keys"));
    this.#signatures = seed % REAL_SIGNATURES_EVERY === 0 ? seededEd25519(random) : keyedHash(random);
    this.#machine = new ServerMachine({
      disk: this.#disk,
      time: this.#time,
      network: this.#network,
      chance: (label) => this.#chance(label),
      signatures: this.#signatures,
      plant: this.#plant,
      onMatchChange: (update) => this.#witness.matchChanges(update),
      tell: this.#teller(SERVER_HOST),
    });
    const all = users.slice(0, clientCount);
    this.#seats = all.map((user) => this.#newSeat(user, all));
    this.#troubles = new Troubles({
      machine: this.#machine,
      seats: this.#seats,
      network: this.#network,
      time: this.#time,
      untilMs: this.#troubleMs,
    });
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
    };
  }

  async #trouble(): Promise<void> {
    this.#machine.start();
    for (const seat of this.#seats) seat.start();
    for (const { atMs, fault } of this.#faults)
      this.#time.at(atMs, () => {
        this.#trace("***", described(fault));
        this.#troubles.strike(fault);
      });
    await this.#passTo(this.#troubleMs);
  }

  async #heal(): Promise<void> {
    if (this.#hasFailed) return;
    this.#trace("---", "all trouble ends");
    this.#troubles.healAll();
    const [first] = this.#seats;
    if (this.#isOneLeftForGood && first) {
      first.kill("now", false, () => {});
      first.isLeftForGood = true;
    }
    for (const seat of this.#seats) {
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
      this.#machine.start();
      await this.#passTo(this.#time.nowMs + LOOK_EVERY_MS);
      unsettled = whatIsUnsettled(this.#disk, this.#machine.server, this.#seats);
    }
    checkEnd(this.#disk, this.#machine.server, this.#seats, this.#witness);
  }

  get #hasFailed(): boolean {
    return this.#witness.violations.length > 0;
  }

  async #passTo(untilMs: number): Promise<void> {
    while (this.#time.nowMs < untilMs && !this.#hasFailed) {
      const stepMs = Math.min(untilMs, this.#time.nowMs + LOOK_EVERY_MS);
      await this.#time.pass(stepMs, () => this.#hasFailed);
      checkStanding(this.#disk, this.#machine.server, this.#witness);
    }
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
      tell: this.#teller(user),
    });
  }

  /** Every line, just before it leaves the process that writes it. */
  #written(socket: VirtualSocket, text: string): void {
    const isServer = socket.owner.host === SERVER_HOST;
    const seat = this.#seats.find(({ host }) => host === socket.owner.host);
    const listener = socket.peer?.owner.host ?? "";
    if (isServer) this.#troubles.answering(socket, text);
    for (const line of text.trimEnd().split("\n")) {
      if (this.#onTrace) this.#trace(socket.owner.host, `→ ${listener}:${socket.port}  ${line}`);
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

  #teller(who: string): (what: () => string) => void {
    return this.#onTrace ? (what) => this.#trace(who, what()) : () => {};
  }

  #trace(who: string, what: string): void {
    if (!this.#onTrace) return;
    const seconds = (this.#time.nowMs / 1_000).toFixed(3).padStart(9);
    this.#onTrace(`${seconds} s  ${who.padEnd(6)}  ${what}`);
  }
}
