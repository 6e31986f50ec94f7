// Which programs of a run talked over Unix sockets, whose bytes nobody counts. Pure but for what it remembers.
import { basename } from "node:path";
import type { Warning } from "../../result/result.ts";
import { counted } from "../../text/quantities.ts";
import { PROBE_SOCKET } from "../witness.ts";
import type { SocketLine } from "./socket-lines.ts";

/** The probe's own, and a cache of names that the C library asks for before it asks anybody else. */
const NOT_TRAFFIC = new Set([PROBE_SOCKET, "/var/run/nscd/socket"]);
const MOST_PATHS = 3;

export class UnixSockets {
  readonly #programOf: (groupId: number) => string | undefined;
  /** By program id. */
  readonly #bound = new Map<string, Set<string>>();
  readonly #dialled = new Map<string, Set<string>>();
  /** Dialled by anybody, without folders: a path may be relative. */
  readonly #names = new Set<string>();

  constructor(programOf: (groupId: number) => string | undefined) {
    this.#programOf = programOf;
  }

  add({ call, cgroupId, path }: Extract<SocketLine, { kind: "unix" }>): void {
    if (NOT_TRAFFIC.has(basename(path)) || NOT_TRAFFIC.has(path)) return;
    if (call === "connect") this.#names.add(basename(path));
    const id = this.#programOf(cgroupId);
    if (id === undefined) return;
    const paths = call === "connect" ? this.#dialled : this.#bound;
    paths.set(id, (paths.get(id) ?? new Set()).add(path));
  }

  /** A socket that a program listens on and nobody dialled carried nothing. */
  warnings(): Warning[] {
    const ids = new Set([...this.#dialled.keys(), ...this.#bound.keys()]);
    return [...ids].flatMap((id) => {
      const bound = [...(this.#bound.get(id) ?? [])].filter((path) => this.#names.has(basename(path)));
      const paths = [...new Set([...(this.#dialled.get(id) ?? []), ...bound])];
      return paths.length === 0 ? [] : [warning(id, paths)];
    });
  }
}

function warning(id: string, paths: readonly string[]): Warning {
  const named = paths.slice(0, MOST_PATHS).map((path) => path || "without a path");
  return {
    cause: `${id} used ${counted(paths.length, "Unix socket", "Unix sockets")} (${named.join(", ")}), whose bytes are not counted`,
    remedy: "They are in no chart and no check: only TCP is counted.",
  };
}
