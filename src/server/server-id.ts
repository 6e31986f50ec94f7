// The name of this server among several: drawn at random once and stored in its data folder, so that it survives restarts.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorText, StartupError } from "./startup-error.ts";

const ID_BYTES = 8;

/** Throws StartupError. */
export function serverIdOf(dataDirectory: string): string {
  const path = join(dataDirectory, "server-id");
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    writeFileSync(path, `${randomBytes(ID_BYTES).toString("hex")}\n`, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST")
      throw new StartupError(
        `cannot write the data folder ${dataDirectory} (${errorText(cause)}); change its permissions or name another with --data`,
        { cause },
      );
  }
  const id = readFileSync(path, "utf8").trim();
  if (/^[\w.-]{1,64}$/.test(id)) return id;
  throw new StartupError(`${path} is not the name of a server; delete it, and the server makes a new one`);
}
