// Which witnesses count a program, and which stands for the kernel: decided here and nowhere else.
import type { ControlGroups } from "../cgroup/control-groups.ts";
import { nodeWordIndex } from "../scenario/node-command.ts";
import type { ProgramSpec } from "../scenario/scenario.ts";
import { BpfWitness } from "./bpf/bpf-witness.ts";
import { traceSockets } from "./bpf/trace-sockets.ts";
import { SsWitness } from "./ss/ss-witness.ts";
import type { KernelWitness } from "./witness.ts";

/** A program whose bytes are to be counted. */
export interface CountedProgram extends Pick<ProgramSpec, "id" | "command" | "environment"> {
  /** Whether the probe may go into it; left out, that depends on what it runs. */
  wantsProbe?: boolean;
}

export interface ChosenWitnesses {
  isProbed: boolean;
  isCountedByKernel: boolean;
  /** It runs on Node for sure. */
  isNode: boolean;
}

/** Programs that are told so may read no file that they did not name, the probe neither, in Node 20 alone. */
const REFUSES_PROBE = /--(experimental-permission|experimental-policy|policy-integrity)\b/;

/**
 * The probe goes into every program that may run on Node or start such a program; it does nothing in others. The
 * kernel counts what no probe can be in. Where it sees all sockets, it counts those of Node programs too.
 */
export function chooseWitnesses(program: Omit<CountedProgram, "id">): ChosenWitnesses {
  const { command, environment, wantsProbe } = program;
  const isNode = wantsProbe === true || nodeWordIndex(command) === 0;
  const isCountedByKernel = wantsProbe === false;
  // Emptied on purpose: a program that is to run alone, or thousands that are only there to be served.
  if (environment?.NODE_OPTIONS === "") return { isProbed: false, isCountedByKernel, isNode };
  const isRefused = REFUSES_PROBE.test([...command, environment?.NODE_OPTIONS].join(" "));
  if (isRefused || isCountedByKernel) return { isProbed: false, isCountedByKernel: true, isNode };
  return { isProbed: true, isCountedByKernel: !isNode, isNode };
}

/** Before the run's clock starts: the witness is made for a clock when there is one. */
export type PreparedKernelWitness = (nowMs: () => number) => KernelWitness;

/**
 * Resolves when every socket that is opened from now on is seen, as far as this user and this kernel allow. Without
 * groups no socket can be attributed: `remedy` is what the user can do about that.
 */
export async function prepareKernelWitness(
  intervalMs: number,
  groups: ControlGroups | null,
  remedy = "run as root.",
): Promise<PreparedKernelWitness> {
  if (!groups) return ssWitness(intervalMs, remedy);
  const bpf = new BpfWitness((groupId) => groups.programOf(groupId), intervalMs);
  const outcome = await traceSockets(intervalMs, (line) => bpf.hear(line));
  if (!outcome.ok) return ssWitness(intervalMs, outcome.remedy);
  return (nowMs) => bpf.begin(outcome.trace, nowMs);
}

function ssWitness(intervalMs: number, remedy: string): PreparedKernelWitness {
  return (nowMs) => new SsWitness({ intervalMs, nowMs, remedy });
}
