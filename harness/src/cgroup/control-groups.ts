// The control groups of one run: a folder of its own, and in it one group for each program.
import { ControlGroup } from "./control-group.ts";

let madeCount = 0;

/** Processes that were still there when everything had been asked to end. */
export interface LeftProcesses {
  programId: string;
  pids: number[];
}

export class ControlGroups {
  readonly #run: ControlGroup;
  readonly #programs = new Map<string, ControlGroup>();
  readonly #programIds = new Map<number, string>();

  /** Null where this user may make none. `onMade` is given the folder, for whoever removes it should this process be killed. */
  static make(onMade: (path: string) => void): ControlGroups | null {
    madeCount += 1;
    const run = ControlGroup.make(`fiel-${process.pid}-${madeCount}`);
    if (!run) return null;
    onMade(run.path);
    return new ControlGroups(run);
  }

  private constructor(run: ControlGroup) {
    this.#run = run;
  }

  /** Of a program; the same one when it is started again. */
  of(programId: string): ControlGroup {
    const known = this.#programs.get(programId);
    if (known) return known;
    const group = ControlGroup.make(`program-${this.#programs.size + 1}`, this.#run.path);
    if (!group) throw new Error(`no control group can be made in ${this.#run.path}`);
    this.#programs.set(programId, group);
    this.#programIds.set(group.id, programId);
    return group;
  }

  /** By the kernel's number of its group. */
  programOf(groupId: number): string | undefined {
    return this.#programIds.get(groupId);
  }

  /** Ends what still runs, and says what that was. */
  async end(): Promise<LeftProcesses[]> {
    const left: LeftProcesses[] = [];
    for (const [programId, group] of this.#programs) {
      const pids = group.processes();
      if (pids.length > 0) left.push({ programId, pids });
      await group.end();
    }
    await this.#run.end();
    return left;
  }
}
