// The version from package.json, which lies above both the sources and the compiled files.
import { existsSync, readFileSync } from "node:fs";

export function programVersion(): string {
  let folder = new URL("./", import.meta.url);
  while (!existsSync(new URL("package.json", folder)) && folder.pathname !== "/")
    folder = new URL("../", folder);
  const { version } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as {
    version: string;
  };
  return version;
}
