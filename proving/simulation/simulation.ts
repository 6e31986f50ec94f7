// One simulated run: the shipped server and clients in a virtual world, with the faults of the seed. After the faults have
// ended, the run goes on until everything is settled.
import type { SignatureScheme } from "../../src/game/signature.ts";
import { type Chance, seededChance } from "../../src/shared/chance/chance.ts";
import { FaultInjector } from "./fault-injector.ts";
import { described, planFaults } from "./faults.ts";
import { checkEnd, checkStanding, whatIsUnsettled } from "./invariants.ts";
import { Person } from "./person.ts";
import { type PlantedBug, plantedBugs } from "./planted-bugs.ts";
import { PlayerMachine } from "./player-machine.ts";
import { randomBytesFrom } from "./random-bytes.ts";
import { ServerDisk } from "./server-disk.ts";
import { ServerMachine } from "./server-machine.ts";
import { keyedHash, seededEd25519 } from "./signatures.ts";
import { SERVER_HOST } from "./simulated-server.ts";
import { VirtualNetwork } from "./virtual-network.ts";
import type { VirtualSocket } from "./virtual-socket.ts";
import { VirtualTime } from "./virtual-time.ts";
import { Witness } from "./witness.ts";

/** Every n-th seed uses real signatures. */
const REAL_SIGNATURES_EVERY = 50;
const users = ["ana", "beto", "caio"];
/** Since the end of all faults: a lost opponent is awaited for 180 s, then a proof for 180 s. */
const SETTLE_LIMIT_MS = 600_000;
const LOOK_EVERY_MS = 1_000;
/** How Node reports uncaught errors; LineConnection emits a warning when handling a line throws. */
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
  readonly #plant: PlantedBug;
  readonly #onTrace: ((line: string) => void) | undefined;
  readonly #time = new VirtualTime();
  readonly #disk = new ServerDisk();
  readonly #witness = new Witness(this.#disk);
  readonly #network: VirtualNetwork;
  readonly #signatures: SignatureScheme;
  readonly #players: PlayerMachine[];
  readonly #faultsEndMs: number;
  readonly #isOneLeftForGood: boolean;
  readonly #faults: ReturnType<typeof planFaults>;
  readonly #machine: ServerMachine;
  readonly #injector: FaultInjector;

  constructor({ seed, plant, onTrace }: SimulationOptions) {
    this.#seed = seed;
    this.#plant = (plant === undefined ? undefined : plantedBugs[plant]) ?? { what: "none" };
    this.#onTrace = onTrace;
    const { fraction } = this.#chance("shape");
    const clientCount = fraction() < 0.3 ? 3 : 2;
    this.#faultsEndMs = 15_000 + fraction() * 60_000;
    this.#isOneLeftForGood = fraction() < 0.1;
    this.#faults = planFaults(this.#chance("faults"), clientCount, this.#faultsEndMs);
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
      trace: this.#tracer(SERVER_HOST),
    });
    const all = users.slice(0, clientCount);
    this.#players = all.map((user) => this.#newPlayer(user, all));
    this.#injector = new FaultInjector({
      machine: this.#machine,
      players: this.#players,
      network: this.#network,
      time: this.#time,
      endMs: this.#faultsEndMs,
    });
  }

  async run(): Promise<SimulationReport> {
    const report = (error: unknown) => this.#witness.report(`bug: ${(error as Error).stack ?? error}`);
    for (const event of BUG_EVENTS) process.on(event, report);
    try {
      await this.#runWithFaults();
      await this.#heal();
    } catch (error) {
      report(error);
    } finally {
      for (const event of BUG_EVENTS) process.off(event, report);
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

  async #runWithFaults(): Promise<void> {
    this.#machine.start();
    for (const player of this.#players) player.start();
    for (const { atMs, fault } of this.#faults)
      this.#time.at(atMs, () => {
        this.#trace("***", described(fault));
        this.#injector.inject(fault);
      });
    await this.#passTo(this.#faultsEndMs);
  }

  async #heal(): Promise<void> {
    if (this.#hasFailed) return;
    this.#trace("---", "all faults end");
    this.#injector.healAll();
    const [first] = this.#players;
    if (this.#isOneLeftForGood && first) {
      first.kill("now", false, () => {});
      first.isLeftForGood = true;
    }
    for (const player of this.#players) {
      player.person.isGoingHome = true;
      player.start();
    }
    const limitMs = this.#time.nowMs + SETTLE_LIMIT_MS;
    let unsettled: string | null = "not checked yet";
    while (unsettled !== null && !this.#hasFailed) {
      if (this.#time.nowMs >= limitMs)
        return this.#witness.report(
          `not settled ${SETTLE_LIMIT_MS / 1_000} s after all faults: ${unsettled}`,
        );
      this.#machine.start();
      await this.#passTo(this.#time.nowMs + LOOK_EVERY_MS);
      unsettled = whatIsUnsettled(this.#disk, this.#machine.server, this.#players);
    }
    checkEnd(this.#disk, this.#machine.server, this.#players, this.#witness);
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

  #newPlayer(user: string, all: readonly string[]): PlayerMachine {
    const others = all.filter((other) => other !== user);
    return new PlayerMachine({
      host: user,
      person: new Person(user, others, this.#chance(`${user} decides`)),
      time: this.#time,
      network: this.#network,
      chance: this.#chance(`${user}'s client`),
      signatures: this.#signatures,
      plantedKeeper: (keeper) => this.#plant.keeper?.(keeper) ?? keeper,
      trace: this.#tracer(user),
    });
  }

  /** Called for every write, just before the bytes leave the process. */
  #written(socket: VirtualSocket, text: string): void {
    const isServer = socket.owner.host === SERVER_HOST;
    const player = this.#players.find(({ host }) => host === socket.owner.host);
    const listener = socket.peer?.owner.host ?? "";
    if (isServer) this.#injector.answering(socket, text);
    for (const line of text.trimEnd().split("\n")) {
      if (this.#onTrace) this.#trace(socket.owner.host, `→ ${listener}:${socket.port}  ${line}`);
      if (isServer) this.#witness.serverSays(line);
      else if (line.startsWith("result;")) this.#witness.clientReports(line);
      else if (player && /^(play|end);/.test(line)) this.#mustBeKept(player, line);
    }
  }

  #mustBeKept(player: PlayerMachine, line: string): void {
    const signature = line.slice(line.lastIndexOf(";") + 1);
    if (player.ownSignatures.has(signature) && !player.disk.pastSignatures.has(signature))
      this.#witness.report(`${player.host} sends an action that was never on disk: ${line}`);
  }

  #chance(label: string): Chance {
    return seededChance(this.#seed, label);
  }

  #tracer(who: string): (what: () => string) => void {
    return this.#onTrace ? (what) => this.#trace(who, what()) : () => {};
  }

  #trace(who: string, what: string): void {
    if (!this.#onTrace) return;
    const seconds = (this.#time.nowMs / 1_000).toFixed(3).padStart(9);
    this.#onTrace(`${seconds} s  ${who.padEnd(6)}  ${what}`);
  }
}
