// Totals of each flow, each byte counted once, and how payload and TLS make up the TCP payload. Pure.

import { sum } from "../statistics/totals.ts";
import { flowsOf } from "./byte-series.ts";
import type { Connection, MeasuredSocket, RunResult } from "./result.ts";

export interface FlowFigures {
  label: string;
  connections: number;
  dialerToAcceptor: number;
  acceptorToDialer: number;
  total: number;
  /** How far the two ends disagree; null if no connection was measured at both. */
  residual: number | null;
}

export function flowFigures(result: RunResult): { flows: FlowFigures[]; total: FlowFigures } {
  const flows = flowsOf(result).map(({ name, label }) =>
    figuresOf(
      label,
      result.connections.filter(({ flow }) => flow === name),
    ),
  );
  return { flows, total: figuresOf("Total", result.connections) };
}

function figuresOf(label: string, connections: Connection[]): FlowFigures {
  const dialerToAcceptor = sum(connections.map((connection) => carried(connection.dialerToAcceptor)));
  const acceptorToDialer = sum(connections.map((connection) => carried(connection.acceptorToDialer)));
  return {
    label,
    connections: connections.length,
    dialerToAcceptor,
    acceptorToDialer,
    total: dialerToAcceptor + acceptorToDialer,
    residual: residual(connections),
  };
}

/** The writer's count; the reader's where the writer was not measured. */
function carried({ writtenBytes, readBytes }: Connection["dialerToAcceptor"]): number {
  return writtenBytes ?? readBytes ?? 0;
}

function residual(connections: Connection[]): number | null {
  const known = connections
    .flatMap(({ dialerToAcceptor, acceptorToDialer }) => [
      dialerToAcceptor.residualBytes,
      acceptorToDialer.residualBytes,
    ])
    .filter((bytes) => bytes !== null);
  return known.length === 0 ? null : sum(known.map(Math.abs));
}

/** For sockets whose payload was counted, each byte at its writer. Only plain connections can have a residual. */
export function payloadLevels(sockets: readonly MeasuredSocket[]) {
  const levels = { payload: 0, overTls: 0, tcp: 0, residual: 0 };
  for (const { messages, bytesWritten, isTls } of sockets) {
    const payload = sum((messages?.written ?? []).map(({ bytes }) => bytes));
    levels.payload += payload;
    levels.tcp += bytesWritten;
    if (isTls) levels.overTls += bytesWritten - payload;
    else levels.residual += Math.abs(bytesWritten - payload);
  }
  return levels;
}
