// How many connections there are of each flow, counted when somebody asks.
import type { Services } from "../services.ts";

export interface OpenConnections {
  control: number;
  tls: number;
  heartbeat: number;
}

export function countConnections({ controls }: Pick<Services, "controls">): OpenConnections {
  const open: OpenConnections = { control: 0, tls: 0, heartbeat: 0 };
  for (const { tls, heartbeat } of controls) {
    open.control += 1;
    if (tls) open.tls += 1;
    if (heartbeat) open.heartbeat += 1;
  }
  return open;
}
