// Users keep the servers busy while one server after another is killed. At the end the store is compared with everything
// that was requested and answered.
import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { verify } from "@node-rs/argon2";
import { Tally } from "../../src/bots/tally.ts";
import { realWorld } from "../../src/client/real-world.ts";
import { type ServerAddresses, startingAt } from "../../src/client/server-addresses.ts";
import { trustInMemory } from "../../src/client/trust.ts";
import { chance } from "../../src/shared/chance/chance.ts";
import type { Finding } from "./account-check.ts";
import { addExistingAccounts, withoutExistingAccounts } from "./existing-accounts.ts";
import { History } from "./history.ts";
import { checkHistory } from "./history-check.ts";
import { type PlannedKill, planKills, type Trigger } from "./kill-plan.ts";
import { KillTriggers } from "./kill-trigger.ts";
import type { KilledServer } from "./killed-server.ts";
import { Matchmaker } from "./matchmaker.ts";
import { recordedNetwork } from "./recorded-network.ts";
import type { StoreContents } from "./store-contents.ts";
import { runUsers } from "./user-load.ts";
import type { Victim } from "./victim.ts";

/** How long users may wait for outstanding answers after the last kill. */
const WIND_DOWN_MS = 30_000;

export interface TortureOptions {
  kills: number;
  seed: number;
  clients: number;
  /** How many other accounts exist from the beginning. */
  existingAccounts: number;
  /** Ends the run early; everything requested until then is checked. */
  signal: AbortSignal;
}

export interface TortureOutcome {
  readonly history: History;
  readonly store: StoreContents;
  readonly findings: readonly Finding[];
  /** By kind of trigger. */
  readonly kills: Record<Trigger["kind"], number>;
  /** Matches whose outcome was on disk at a kill, and had been reported to nobody. */
  readonly settledUnheardCount: number;
  /** Errors that clients received, by code. */
  readonly errors: Record<string, number>;
  /** Of the normal stop at the end; of several servers, one that is not 0. */
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
  readonly #triggers: KillTriggers;
  readonly #settledUnheard = new Set<string>();

  constructor(victim: Victim, options: TortureOptions) {
    this.#victim = victim;
    this.#options = options;
    this.#triggers = new KillTriggers(victim.storeLog);
  }

  get killCount(): number {
    return Object.values(this.kills).reduce((sum, count) => sum + count, 0);
  }

  async run(): Promise<TortureOutcome> {
    const startMs = performance.now();
    const { seed, kills, existingAccounts, signal } = this.#options;
    const { servers } = this.#victim;
    await addExistingAccounts(servers[0].dataDirectory, existingAccounts);
    for (const server of servers) await server.start();
    const closing = new AbortController();
    setMaxListeners(0, closing.signal);
    const usersLeft = this.#runUsers(closing.signal);
    for (const planned of planKills(seed, kills)) {
      if (signal.aborted) break;
      await this.#kill(servers[this.killCount % servers.length] ?? servers[0], planned);
      this.kills[planned.trigger.kind] += 1;
    }
    closing.abort();
    await Promise.race([usersLeft, delay(WIND_DOWN_MS, undefined, { ref: false })]);
    const exitCodes = await Promise.all(servers.map((server) => server.stop()));
    const { store, findings } = withoutExistingAccounts(await this.#victim.contents(), existingAccounts);
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

  /** Resolves when all users have left, which they do when `signal` is aborted. */
  #runUsers(signal: AbortSignal): Promise<unknown> {
    const { seed, clients } = this.#options;
    const world = realWorld(trustInMemory(Date.now));
    const { history } = this;
    const triggers = this.#triggers;
    const addressOf = ({ port }: KilledServer) => ({ host: "127.0.0.1", port });
    const [first, ...others] = this.#victim.servers;
    const servers: ServerAddresses = [addressOf(first), ...others.map(addressOf)];
    const shared = {
      matchmaker: new Matchmaker(seed, () => world.clock.nowMs()),
      tally: this.#tally,
      worldOf: (user: string) => ({
        ...world,
        network: recordedNetwork(world.network, {
          user,
          history,
          onRequest: (kind) => triggers.requestSent(kind),
        }),
      }),
    };
    const users = Array.from({ length: clients }, (_, index) =>
      runUsers(
        {
          ...shared,
          servers: startingAt(servers, index),
          random: chance(seed, `user/${index}`),
          nameOf: (n) => `user-${index + 1}-${n}`,
        },
        signal,
      ),
    );
    return Promise.all(users);
  }

  /** Kills the server and starts it again. */
  async #kill(server: KilledServer, { trigger, afterMs }: PlannedKill): Promise<void> {
    if (trigger.kind === "while starting") {
      server.kill();
      await server.gone();
      const started = server.start();
      await delay(afterMs);
      server.kill();
      await started;
    } else {
      await delay(afterMs);
      await this.#triggers.reached(trigger);
      server.kill();
    }
    await server.gone();
    const settled = await this.#victim.settled();
    await server.start();
    // By now the clients have read everything that was acknowledged before the kill.
    const reported = new Set(this.history.outcomes.map(({ matchId }) => matchId));
    for (const matchId of settled) if (!reported.has(matchId)) this.#settledUnheard.add(matchId);
  }
}
