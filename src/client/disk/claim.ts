// Gives a saved session to one running process at a time. A process creates a claim file with its own identity in the
// name, then looks for the files of others. Two that start at once see each other and both withdraw. The file of a process
// that has ended can be removed by any process, because its identity is never used again.
import { closeSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { processIdentity } from "./process-identity.ts";

const SUFFIX = ".claim";

export class Claim {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** Another running process has claimed it. */
  static isTaken(folder: string, id: string): boolean {
    return hasOthers(folder, id, ownName());
  }

  /** Null when a running process, this one included, has claimed it. */
  static take(folder: string, id: string): Claim | null {
    const own = ownName();
    const file = join(folder, `${id}.${own}${SUFFIX}`);
    try {
      closeSync(openSync(file, "wx", 0o600));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
      throw error;
    }
    if (!hasOthers(folder, id, own)) return new Claim(file);
    rmSync(file, { force: true });
    return null;
  }

  release(): void {
    rmSync(this.#file, { force: true });
  }
}

function ownName(): string {
  return processIdentity(process.pid) ?? String(process.pid);
}

function hasOthers(folder: string, id: string, own: string): boolean {
  const names = readdirSync(folder).filter((name) => name.startsWith(`${id}.`) && name.endsWith(SUFFIX));
  const living = names.filter((name) => {
    const holder = name.slice(id.length + 1, -SUFFIX.length);
    if (holder === own) return false;
    if (processIdentity(Number.parseInt(holder, 10)) === holder) return true;
    rmSync(join(folder, name), { force: true });
    return false;
  });
  return living.length > 0;
}
