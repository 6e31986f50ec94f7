// Makes the planned faults happen, and ends them all. What would last longer than the time of trouble ends with it.
import type { Fault } from "./faults.ts";
import type { Seat } from "./seat.ts";
import type { ServerMachine } from "./server-machine.ts";
import { SERVER_HOST } from "./simulated-server.ts";
import type { VirtualNetwork } from "./virtual-network.ts";
import type { VirtualSocket } from "./virtual-socket.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface TroublesParts {
  machine: ServerMachine;
  seats: readonly Seat[];
  network: VirtualNetwork;
  time: VirtualTime;
  untilMs: number;
}

const ANSWER = /(^|\n)(\w*(ACK|ERR)|answer|settled)\b/;

export class Troubles {
  readonly #parts: TroublesParts;
  /** Whose next answer from the server gets lost. */
  readonly #answersToLose = new Set<string>();

  constructor(parts: TroublesParts) {
    this.#parts = parts;
  }

  strike(fault: Fault): void {
    const { machine, seats, network } = this.#parts;
    const client = "client" in fault ? seats[fault.client] : undefined;
    switch (fault.kind) {
      case "server-killed":
        machine.kill(fault.when, fault.isMachineLost, () => machine.startIn(this.#clipped(fault.downMs)));
        break;
      case "server-stopped":
        machine.stop(() => machine.startIn(this.#clipped(fault.downMs)));
        break;
      case "server-frozen":
        machine.server?.process.stop(this.#clipped(fault.forMs));
        break;
      case "server-disk-full":
        machine.isDiskFull = true;
        this.#later(fault.forMs, () => {
          machine.isDiskFull = false;
        });
        break;
      case "client-killed":
        client?.kill(fault.when, fault.isMachineLost, () => client.startIn(this.#clipped(fault.downMs)));
        break;
      case "client-frozen":
        client?.process?.stop(this.#clipped(fault.forMs));
        break;
      case "client-disk-full":
        if (client) client.disk.isBroken = true;
        this.#later(fault.forMs, () => {
          if (client) client.disk.isBroken = false;
        });
        break;
      case "way-blocked": {
        const other = fault.other === null ? SERVER_HOST : seats[fault.other]?.host;
        if (client && other) network.block(client.host, other, this.#clipped(fault.forMs));
        break;
      }
      case "connection-cut": {
        const sockets = [...(client?.process?.sockets ?? [])];
        sockets[fault.which % sockets.length]?.cut();
        break;
      }
      case "answer-lost":
        if (client) this.#answersToLose.add(client.host);
        break;
      case "network-slow":
        network.slowDown(fault.factor, this.#clipped(fault.forMs));
    }
  }

  /** The server is about to write that: it may be an answer that is to get lost, with its connection. */
  answering(socket: VirtualSocket, text: string): void {
    const listener = socket.peer?.owner.host ?? "";
    if (ANSWER.test(text) && this.#answersToLose.delete(listener)) socket.cut();
  }

  healAll(): void {
    const { machine, seats, network } = this.#parts;
    machine.heal();
    network.healAll();
    this.#answersToLose.clear();
    for (const { disk } of seats) disk.isBroken = false;
  }

  #clipped(forMs: number): number {
    const { time, untilMs } = this.#parts;
    return Math.min(forMs, Math.max(0, untilMs - time.nowMs));
  }

  #later(forMs: number, run: () => void): void {
    const { time } = this.#parts;
    time.at(time.nowMs + this.#clipped(forMs), run);
  }
}
