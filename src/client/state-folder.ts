// The folder in which a client saves the certificates of known servers and its sessions.
import { chmodSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface StateFolder {
  readonly path: string;
  readonly knownCertificates: string;
  readonly sessions: string;
}

/** Makes the folder if need be, for its owner alone; throws when that cannot be. */
export function openStateFolder(path: string): StateFolder {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`${path} cannot be the state folder: ${message}. Name another with --state`, { cause });
  }
  return { path, knownCertificates: join(path, "known-certificates"), sessions: join(path, "sessions") };
}

/** The platform's folder for program state. */
export function defaultStateFolder(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform,
): string {
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "velha");
  if (platform === "win32") return join(environment.LOCALAPPDATA ?? homedir(), "velha");
  return join(environment.XDG_STATE_HOME || join(homedir(), ".local", "state"), "velha");
}
