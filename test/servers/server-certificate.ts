// A certificate shared by servers under test: a process that makes its own takes twice as long to start.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Certificate, loadOrMakeCertificate } from "../../src/server/certificate/certificate.ts";

let made: Promise<Certificate> | null = null;

/** Writes the same certificate into each folder. */
export async function putCertificate(folder: string): Promise<void> {
  made ??= make();
  const { cert, key } = await made;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "key.pem"), key, { mode: 0o600 });
  await writeFile(join(folder, "cert.pem"), cert);
}

async function make(): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), "velha-certificate-"));
  try {
    return await loadOrMakeCertificate(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
