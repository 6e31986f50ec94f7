// The torture: guests keep the servers busy, one after the other is killed, again and again, and at the end what is kept is
// held against everything that was asked and answered.
import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { verify } from "@node-rs/argon2";
import { Tally } from "../../src/bots/tally.ts";
import { realWorld } from "../../src/client/real-world.ts";
import { type ServerAddresses, startingAt } from "../../src/client/server-addresses.ts";
import { trustInMemory } from "../../src/client/trust.ts";
import { chance } from "../../src/shared/chance/chance.ts";
import { Aims } from "./aims.ts";
import type { Finding } from "./finding.ts";
import { stay } from "./guest.ts";
import { History } from "./history.ts";
import { checkHistory } from "./history-check.ts";
import { type Aim, type PlannedKill, planKills } from "./kill-plan.ts";
import type { KilledServer } from "./killed-server.ts";
import { recordedNetwork } from "./recorded-network.ts";
import { partFromResidents, settleResidents } from "./residents.ts";
import type { StoreContents } from "./store-contents.ts";
import { Tables } from "./tables.ts";
import type { Victim } from "./victim.ts";

/** So long guests may take, after the last kill, to be answered what they still wait for. */
const WIND_DOWN_MS = 30_000;

export interface TortureOptions {
  kills: number;
  seed: number;
  clients: number;
  /** That many others have an account before it begins. */
  residents: number;
  /** Ends it early: what was asked until then is checked. */
  signal: AbortSignal;
}

export interface TortureOutcome {
  readonly history: History;
  readonly store: StoreContents;
  readonly findings: readonly Finding[];
  /** By kind of aim. */
  readonly kills: Record<Aim["kind"], number>;
  /** Matches whose outcome was on disk when a kill came, and which nobody had been told. */
  readonly settledUnheardCount: number;
  /** What clients heard that was no good news, by code. */
  readonly errors: Record<string, number>;
  /** Of the last stop, which was no kill; of several servers one that is not 0. */
  readonly exitCode: number | null;
  readonly durationMs: number;
}

export class Torture {
  readonly history = new History();
  readonly kills: TortureOutcome["kills"] = {
    "any moment": 0,
    "after a request": 0,
    "at a commit": 0,
    "while starting": 0,
  };
  readonly #victim: Victim;
  readonly #options: TortureOptions;
  readonly #tally = new Tally();
  readonly #aims: Aims;
  readonly #settledUnheard = new Set<string>();

  constructor(victim: Victim, options: TortureOptions) {
    this.#victim = victim;
    this.#options = options;
    this.#aims = new Aims(victim.storeLog);
  }

  get killCount(): number {
    return Object.values(this.kills).reduce((sum, count) => sum + count, 0);
  }

  async run(): Promise<TortureOutcome> {
    const startMs = performance.now();
    const { seed, kills, residents, signal } = this.#options;
    const { servers } = this.#victim;
    await settleResidents(servers[0].dataDirectory, residents);
    for (const server of servers) await server.start();
    const closing = new AbortController();
    setMaxListeners(0, closing.signal);
    const gone = this.#invite(closing.signal);
    for (const planned of planKills(seed, kills)) {
      if (signal.aborted) break;
      await this.#kill(servers[this.killCount % servers.length] ?? servers[0], planned);
      this.kills[planned.aim.kind] += 1;
    }
    closing.abort();
    await Promise.race([gone, delay(WIND_DOWN_MS, undefined, { ref: false })]);
    const exitCodes = await Promise.all(servers.map((server) => server.stop()));
    const { store, findings } = partFromResidents(await this.#victim.contents(), residents);
    return {
      history: this.history,
      store,
      findings: [...findings, ...(await checkHistory(this.history, store, verify))],
      kills: this.kills,
      settledUnheardCount: this.#settledUnheard.size,
      errors: this.#tally.errors,
      exitCode: exitCodes.every((exitCode) => exitCode === 0) ? 0 : (exitCodes.find(Boolean) ?? null),
      durationMs: performance.now() - startMs,
    };
  }

  /** Resolves when the guests have left, which they do when `signal` is aborted. */
  #invite(signal: AbortSignal): Promise<unknown> {
    const { seed, clients } = this.#options;
    const world = realWorld(trustInMemory(Date.now));
    const { history } = this;
    const aims = this.#aims;
    const addressOf = ({ port }: KilledServer) => ({ host: "127.0.0.1", port });
    const [first, ...others] = this.#victim.servers;
    const servers: ServerAddresses = [addressOf(first), ...others.map(addressOf)];
    const shared = {
      tables: new Tables(seed, () => world.clock.nowMs()),
      tally: this.#tally,
      worldOf: (user: string) => ({
        ...world,
        network: recordedNetwork(world.network, { user, history, onAsked: (kind) => aims.asked(kind) }),
      }),
    };
    const guests = Array.from({ length: clients }, (_, index) =>
      stay(
        {
          ...shared,
          servers: startingAt(servers, index),
          random: chance(seed, `guest/${index}`),
          nameOf: (n) => `guest-${index + 1}-${n}`,
        },
        signal,
      ),
    );
    return Promise.all(guests);
  }

  /** Kills it, and has it listening again. */
  async #kill(server: KilledServer, { aim, afterMs }: PlannedKill): Promise<void> {
    if (aim.kind === "while starting") {
      server.kill();
      await server.gone();
      const started = server.start();
      await delay(afterMs);
      server.kill();
      await started;
    } else {
      await delay(afterMs);
      await this.#aims.reached(aim);
      server.kill();
    }
    await server.gone();
    const settled = await this.#victim.settled();
    await server.start();
    // By now what was acknowledged before the kill has been read.
    const told = new Set(this.history.outcomes.map(({ matchId }) => matchId));
    for (const matchId of settled) if (!told.has(matchId)) this.#settledUnheard.add(matchId);
  }
}
