// What the harness and the process of a fault proxy say to each other. Patterns pass as they are: the channel clones.

import type { FaultProxyOptions } from "./fault-proxy.ts";
import type { Conditions } from "./faults.ts";
import type { Relayed } from "./relayed.ts";

export type Order =
  | { kind: "listen"; options: FaultProxyOptions }
  | { kind: "change"; change: Partial<Conditions>; firstLine: RegExp | undefined }
  | { kind: "heal" }
  | { kind: "cut" | "close"; firstLine: RegExp | undefined }
  | { kind: "report" };

/** In the order of the orders. */
export type Answer =
  | { kind: "done" }
  | { kind: "listening"; port: number }
  | { kind: "report"; relayed: Relayed[] }
  | { kind: "failed"; message: string };
