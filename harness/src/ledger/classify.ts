// Finds the flow of a connection by the scenario's rules, from what either end knows about it.

import type { Flow } from "../scenario/scenario.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import type { Pair } from "./pair-ends.ts";

const NO_FLOW = "other";

export function classify({ dialer, acceptor }: Pair, flows: Flow[]): { flow: string; isTls: boolean } {
  const ends = [dialer, acceptor].filter((end): end is SocketRecord => end !== undefined);
  const isTls = ends.some((end) => end.isTls);
  const port = dialer?.remote.port ?? acceptor?.local.port;
  const lines = ends.flatMap((end) => [...end.firstLinesWritten, ...end.firstLinesRead]);

  const flow = flows.find((rule) => {
    const { firstLine } = rule;
    if (rule.isTls !== undefined && rule.isTls !== isTls) return false;
    if (rule.port !== undefined && rule.port !== port) return false;
    // `search`, unlike `test`, ignores the position that a pattern with the g flag keeps.
    return firstLine === undefined || lines.some((line) => line.search(firstLine) !== -1);
  });
  return { flow: flow?.name ?? NO_FLOW, isTls };
}
