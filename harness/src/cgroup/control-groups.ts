// The control groups of one run: a folder of its own, and in it one group for each program.
import { ControlGroup } from "./control-group.ts";

let madeCount = 0;

export class ControlGroups {
  readonly #run: ControlGroup;
  readonly #programIds = new Map<number, string>();
  readonly #groups: ControlGroup[] = [];

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

  /** For a program that is about to start, also for the second time. */
  makeFor(programId: string): ControlGroup {
    const group = ControlGroup.make(`program-${this.#groups.length + 1}`, this.#run.path);
    if (!group) throw new Error(`no control group can be made in ${this.#run.path}`);
    this.#groups.push(group);
    this.#programIds.set(group.id, programId);
    return group;
  }

  /** By the kernel's number of its group. */
  programOf(groupId: number): string | undefined {
    return this.#programIds.get(groupId);
  }

  /** Ends what still runs. */
  async end(): Promise<void> {
    for (const group of this.#groups) await group.end();
    await this.#run.end();
  }
}
