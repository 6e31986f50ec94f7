// Injects the planned faults and ends them. No fault lasts beyond the end of the fault phase.
import type { Fault } from "./faults.ts";
import type { PlayerMachine } from "./player-machine.ts";
import type { ServerMachine } from "./server-machine.ts";
import { SERVER_HOST } from "./simulated-server.ts";
import type { VirtualNetwork } from "./virtual-network.ts";
import type { VirtualSocket } from "./virtual-socket.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface FaultInjectorParts {
  machine: ServerMachine;
  players: readonly PlayerMachine[];
  network: VirtualNetwork;
  time: VirtualTime;
  /** When the fault phase ends. */
  endMs: number;
}

const ANSWER = /(^|\n)(\w*(ACK|ERR)|answer|settled)\b/;

export class FaultInjector {
  readonly #parts: FaultInjectorParts;
  /** The hosts whose next answer from the server is lost. */
  readonly #answersToLose = new Set<string>();

  constructor(parts: FaultInjectorParts) {
    this.#parts = parts;
  }

  inject(fault: Fault): void {
    const { machine, players, network } = this.#parts;
    const client = "client" in fault ? players[fault.client] : undefined;
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
      case "route-blocked": {
        const other = fault.other === null ? SERVER_HOST : players[fault.other]?.host;
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

  /** The server is about to write `text`; if it is an answer that is to be lost, its connection is cut. */
  answering(socket: VirtualSocket, text: string): void {
    const listener = socket.peer?.owner.host ?? "";
    if (ANSWER.test(text) && this.#answersToLose.delete(listener)) socket.cut();
  }

  healAll(): void {
    const { machine, players, network } = this.#parts;
    machine.heal();
    network.healAll();
    this.#answersToLose.clear();
    for (const { disk } of players) disk.isBroken = false;
  }

  #clipped(forMs: number): number {
    const { time, endMs } = this.#parts;
    return Math.min(forMs, Math.max(0, endMs - time.nowMs));
  }

  #later(forMs: number, run: () => void): void {
    const { time } = this.#parts;
    time.at(time.nowMs + this.#clipped(forMs), run);
  }
}
