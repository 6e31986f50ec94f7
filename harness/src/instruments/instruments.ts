// Instruments that a run can load into its Node programs besides the probe: Node's own profilers, and Clinic Doctor's
// sampler. All are flags of `node`, so other programs stay unchanged. Their cost is part of the measured figures.
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { nodeWordIndex } from "../scenario/node-command.ts";
import type { ProgramSpec } from "../scenario/scenario.ts";
import { doctorFlags, doctorVariables } from "./doctor.ts";

/** The folder of the profiles in a report. */
export const PROFILES_FOLDER = "profiles";

export interface InstrumentOptions {
  cpuProf: boolean;
  heapProf: boolean;
  /** The program that the doctor examines. */
  doctor?: string;
}

const PROFILE = /\.(cpuprofile|heapprofile)$/;

export class Instruments {
  readonly #options: InstrumentOptions;
  readonly #profiles: string;
  readonly doctorFolder: string;
  readonly #starts = new Map<string, number>();

  /** The instruments write into folders of the report, where their files remain also if the run fails. */
  static async prepare(options: InstrumentOptions, report: string): Promise<Instruments> {
    const instruments = new Instruments(options, report);
    await instruments.#clear();
    if (options.cpuProf || options.heapProf) await mkdir(instruments.#profiles, { recursive: true });
    if (options.doctor !== undefined) await mkdir(instruments.doctorFolder, { recursive: true });
    return instruments;
  }

  private constructor(options: InstrumentOptions, report: string) {
    this.#options = options;
    this.#profiles = join(report, PROFILES_FOLDER);
    this.doctorFolder = join(report, "doctor");
  }

  get names(): string[] {
    const { cpuProf, heapProf, doctor } = this.#options;
    return [cpuProf && "cpu-prof", heapProf && "heap-prof", doctor !== undefined && "doctor"].filter(
      (name) => name !== false,
    );
  }

  /** The same program with the flags of its instruments. */
  equip(spec: ProgramSpec): ProgramSpec {
    const at = nodeWordIndex(spec.command);
    const flags = at < 0 ? [] : this.#flags(spec.id);
    if (flags.length === 0) return spec;
    const variables = spec.id === this.#options.doctor ? doctorVariables(this.doctorFolder) : {};
    return {
      ...spec,
      command: [...spec.command.slice(0, at + 1), ...flags, ...spec.command.slice(at + 1)],
      environment: { ...spec.environment, ...variables },
    };
  }

  /** Paths of the profiles that the programs left. */
  async profiles(): Promise<string[]> {
    const names = await readdir(this.#profiles).catch(() => []);
    return names.filter((name) => PROFILE.test(name)).map((name) => join(this.#profiles, name));
  }

  #flags(id: string): string[] {
    const { cpuProf, heapProf, doctor } = this.#options;
    const start = (this.#starts.get(id) ?? 0) + 1;
    this.#starts.set(id, start);
    const name = `${id.replace(/[^\w.-]+/g, "-")}${start > 1 ? `-${start}` : ""}`;
    const into = (kind: string, extension: string) => [
      `--${kind}`,
      `--${kind}-dir=${this.#profiles}`,
      `--${kind}-name=${name}.${extension}`,
    ];
    return [
      ...(cpuProf ? into("cpu-prof", "cpuprofile") : []),
      ...(heapProf ? into("heap-prof", "heapprofile") : []),
      ...(id === doctor && start === 1 ? doctorFlags(this.doctorFolder) : []),
    ];
  }

  /** Removes only the files that the instruments of an earlier run left. */
  async #clear(): Promise<void> {
    for (const path of await this.profiles()) await rm(path);
    await rm(this.doctorFolder, { recursive: true, force: true });
  }
}
