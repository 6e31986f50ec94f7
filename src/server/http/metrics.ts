// `/metrics`, for Prometheus: counts of logged events, open connections and matches, and the process's figures.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { EventTotals } from "../event-totals.ts";
import type { Results } from "../results/results.ts";
import { LoopDelay } from "./loop-delay.ts";
import { countConnections, type OpenConnectionsSource } from "./open-connections.ts";

/** More frequent requests get the same text. */
const KEPT_MS = 500;
const DELAY_BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1];

/** What metrics and the live page count. */
export interface CountedSource extends OpenConnectionsSource {
  readonly log: { readonly totals: EventTotals };
  readonly results: Pick<Results, "openMatches">;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #loopDelay: LoopDelay;
  #kept: { atMs: number; text: Promise<string> } | null = null;

  constructor(source: CountedSource) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    const loop = new Histogram({
      name: "velha_event_loop_delay_seconds",
      help: "How late the event loop came to a timer",
      buckets: DELAY_BUCKETS_SECONDS,
      registers,
    });
    this.#loopDelay = new LoopDelay((delayMs) => loop.observe(delayMs / 1_000));
    countTotals(source.log.totals, registers);
    watchWhatIsOpen(source, registers);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    const nowMs = performance.now();
    if (!this.#kept || nowMs - this.#kept.atMs > KEPT_MS)
      this.#kept = { atMs: nowMs, text: this.#registry.metrics() };
    return this.#kept.text;
  }

  start(): void {
    this.#loopDelay.start();
  }

  stop(): void {
    this.#loopDelay.stop();
  }
}

function countTotals(totals: EventTotals, registers: Registry[]): void {
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  counter("velha_clients_total", "Clients that connected", () => totals.clients);
  counter("velha_matches_started_total", "Matches started", () => totals.matchesStarted);
  counter("velha_heartbeats_lost_total", "Clients whose heartbeat was lost", () => totals.heartbeatsLost);
  counter("velha_violations_total", "Breaches of the protocol", () => totals.violations);
  labelled("velha_logins_total", "Logins, by result", "result", registers, () => ({
    good: totals.loginsGood,
    bad: totals.loginsBad,
  }));
  labelled(
    "velha_matches_ended_total",
    "Matches ended, by winner",
    "outcome",
    registers,
    () => totals.matchesEnded,
  );
}

function labelled(
  name: string,
  help: string,
  label: string,
  registers: Registry[],
  read: () => Record<string, number>,
): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers,
    collect() {
      this.reset();
      for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
    },
  });
}

function watchWhatIsOpen(source: CountedSource, registers: Registry[]): void {
  new Gauge({
    name: "velha_store_in_trouble",
    help: "1 while changes cannot be stored",
    registers,
    collect() {
      this.set(Number(source.log.totals.isStoreInTrouble));
    },
  });
  new Gauge({
    name: "velha_connections",
    help: "Open connections, by flow; before it has said what it is, one counts as control",
    labelNames: ["flow"],
    registers,
    collect() {
      for (const [flow, count] of Object.entries(countConnections(source))) this.set({ flow }, count);
    },
  });
  new Gauge({
    name: "velha_matches_open",
    help: "Matches that are on",
    registers,
    collect() {
      this.set(source.results.openMatches().length);
    },
  });
}
