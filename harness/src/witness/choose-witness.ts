// Which witnesses count a program, and which stands for the kernel: decided here and nowhere else.
import type { ControlGroups } from "../cgroup/control-groups.ts";
import type { ProgramSpec } from "../scenario/scenario.ts";
import { BpfWitness } from "./bpf/bpf-witness.ts";
import { traceSockets } from "./bpf/trace-sockets.ts";
import { SsWitness } from "./ss/ss-witness.ts";
import type { KernelWitness } from "./witness.ts";

/**
 * The probe goes into every program that may run on Node or start such a program; it does nothing in others. The
 * kernel counts what no probe can be in. Where it sees all sockets, it is asked of Node programs too.
 */
export function chooseWitnesses({ countedBy, command }: Pick<ProgramSpec, "countedBy" | "command">): {
  isProbed: boolean;
  isCountedByKernel: boolean;
} {
  if (countedBy) return { isProbed: countedBy === "probe", isCountedByKernel: countedBy === "kernel" };
  return { isProbed: true, isCountedByKernel: command[0] !== "node" && command[0] !== process.execPath };
}

/** Before the run's clock starts: the witness is made for a clock when there is one. */
export type PreparedKernelWitness = (nowMs: () => number) => KernelWitness;

/** Resolves when every socket that is opened from now on is seen, as far as this user and this kernel allow. */
export async function prepareKernelWitness(
  intervalMs: number,
  groups: ControlGroups | null,
): Promise<PreparedKernelWitness> {
  if (!groups) return ssWitness(intervalMs, "run as root.");
  const bpf = new BpfWitness((groupId) => groups.programOf(groupId));
  const outcome = await traceSockets(intervalMs, (line) => bpf.hear(line));
  if (!outcome.ok) return ssWitness(intervalMs, outcome.remedy);
  return (nowMs) => bpf.begin(outcome.trace, nowMs);
}

function ssWitness(intervalMs: number, remedy: string): PreparedKernelWitness {
  return (nowMs) => new SsWitness({ intervalMs, nowMs, remedy });
}
