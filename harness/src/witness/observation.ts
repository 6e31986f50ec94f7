// What a witness outside the programs saw of one socket, known by its addresses alone.
import type { MeasuredSocket, WireCount } from "../result/result.ts";

export interface Observation {
  local: MeasuredSocket["local"];
  remote: MeasuredSocket["remote"];
  count: WireCount;
}
