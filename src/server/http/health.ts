// `/healthz`: the process answers. `/readyz`: players may be sent to this server.
import type { FastifyInstance } from "fastify";
import type { EventTotals } from "../event-totals.ts";

export class Health {
  readonly #totals: Pick<EventTotals, "isStoreInTrouble">;
  #isEnding = false;

  constructor(totals: Pick<EventTotals, "isStoreInTrouble">) {
    this.#totals = totals;
  }

  announceEnd(): void {
    this.#isEnding = true;
  }

  /** null: it is ready. */
  get whyNotReady(): string | null {
    if (this.#isEnding) return "The server is shutting down.";
    return this.#totals.isStoreInTrouble ? "The store does not take changes: see log.txt." : null;
  }
}

export function addHealth(app: FastifyInstance, health: Health): void {
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const reason = health.whyNotReady;
    if (reason === null) return { status: "ready" };
    return reply.code(503).send({ status: "not ready", reason });
  });
}
