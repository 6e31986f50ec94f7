// The version in package.json, which lies somewhere above the sources and above what they compile to.
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
