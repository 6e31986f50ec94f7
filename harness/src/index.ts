/// <reference types="node" preserve="true" />
// All that a scenario or a configuration file may import from "fiel".
export {
  bytesPerSecondBelow,
  cpuBelow,
  exactBytes,
  exactPayload,
  exactPayloadEach,
  idleBytesPerSecondBelow,
  latencyBelow,
} from "./checks/budgets.ts";
export { figureAtLeast, figureAtMost } from "./checks/figures.ts";
export {
  connectionsMade,
  eventAfterOutage,
  eventHappened,
  exitedCleanly,
  neverShows,
  noResiduals,
  proxiesAgree,
  rssBelowMb,
  timing,
} from "./checks/outcome.ts";
export { type Settled, settle, settleable } from "./instruments/settled.ts";
export { maskedMessage } from "./probe/kept-messages.ts";
export { readEvent } from "./programs/program.ts";
export { inIdleTime, pinned } from "./programs/scheduling.ts";
export { type CompareConfig, defineConfig, type FielConfig } from "./project/config.ts";
export type { Reporter, ReportFile } from "./reporters/reporter.ts";
export type { Figure, Plot, RunResult, Verdict, Warning } from "./result/result.ts";
export { createDescendantsFinder } from "./samplers/descendants.ts";
export { cpuTimeMs, helpersAtWorkMs } from "./samplers/thread-times.ts";
export {
  type Check,
  type Delay,
  defineScenario,
  type EventPattern,
  type Flow,
  type IsolatedNetwork,
  type Mask,
  type MessageFormat,
  type OpenOutage,
  type Picked,
  type Program,
  type ProgramSpec,
  type Scenario,
  type ScenarioContext,
  type SeriesPattern,
  type Signal,
  type Wire,
  type WireSpec,
} from "./scenario/scenario.ts";
export { StepFailure } from "./scenario/step-failure.ts";
export { median, quantile } from "./statistics/quantiles.ts";
export { growthExponents } from "./statistics/slope.ts";
