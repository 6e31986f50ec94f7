// Replaces files atomically: a reader finds either the old file or the new one.
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ReportFile } from "./reporter.ts";

export async function replaceFiles(directory: string, files: readonly ReportFile[]): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const paths: string[] = [];
  for (const file of files) {
    const path = join(directory, file.name);
    await replaceFile(path, file.content);
    paths.push(path);
  }
  return paths;
}

async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new Error(`cannot write ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
