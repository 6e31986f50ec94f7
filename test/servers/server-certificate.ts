// A certificate for servers whose tests are not about it: a process that makes its own starts twice as slowly.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Certificate, loadOrMakeCertificate } from "../../src/server/certificate/certificate.ts";

let made: Promise<Certificate> | null = null;

/** Puts the same one into each folder. */
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
