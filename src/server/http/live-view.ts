// What the live page shows: one sample of figures a second, kept for some minutes, and who is on and leads.
import type { Lists } from "./lists.ts";
import type { LiveSource } from "./live-feed.ts";
import { LoopDelay } from "./loop-delay.ts";
import type { CountedSource } from "./metrics.ts";
import { countConnections } from "./open-connections.ts";
import type { LivePeople, LiveSample } from "./page/browser/live-data.ts";

export const KEPT_SAMPLES = 300;
const SHOWN_PLAYERS = 200;
const SHOWN_LEADERS = 20;

export class LiveView implements LiveSource {
  readonly samples: LiveSample[] = [];
  readonly #source: CountedSource;
  readonly #lists: Lists;
  readonly #loopDelay: LoopDelay;
  #worstDelayMs = 0;
  #cpu = process.cpuUsage();
  #cpuAtMs = performance.now();

  constructor(source: CountedSource, lists: Lists) {
    this.#source = source;
    this.#lists = lists;
    this.#loopDelay = new LoopDelay((delayMs) => {
      this.#worstDelayMs = Math.max(this.#worstDelayMs, delayMs);
    });
  }

  start(): void {
    this.#loopDelay.start();
  }

  stop(): void {
    this.#loopDelay.stop();
  }

  takeSample(): LiveSample {
    const { log, results } = this.#source;
    const { matchesEnded, matchesStarted } = log.totals;
    const sample = {
      atMs: Date.now(),
      connections: countConnections(this.#source),
      matchesOpen: results.openMatches().length,
      matchesStarted,
      matchesEnded: { ...matchesEnded },
      cpuPercent: this.#cpuPercent(),
      rssMb: process.memoryUsage.rss() / 1e6,
      loopDelayMs: this.#worstDelayMs,
    };
    this.#worstDelayMs = 0;
    this.samples.push(sample);
    if (this.samples.length > KEPT_SAMPLES) this.samples.shift();
    return sample;
  }

  async people(): Promise<LivePeople> {
    const [servers, players, leaders] = await Promise.all([
      this.#lists.servers(),
      this.#lists.players(0, SHOWN_PLAYERS + 1),
      this.#lists.leaders(0, SHOWN_LEADERS),
    ]);
    return {
      servers,
      players: players.slice(0, SHOWN_PLAYERS),
      areMorePlayers: players.length > SHOWN_PLAYERS,
      leaders,
    };
  }

  #cpuPercent(): number {
    const { user, system } = process.cpuUsage(this.#cpu);
    const nowMs = performance.now();
    const percent = ((user + system) / 1_000 / (nowMs - this.#cpuAtMs)) * 100;
    this.#cpu = process.cpuUsage();
    this.#cpuAtMs = nowMs;
    return percent;
  }
}
