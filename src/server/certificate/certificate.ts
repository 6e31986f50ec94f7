// The server's certificate and key: made on the first start, read and checked on every later one.
import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from "node:crypto";
import { link, mkdir, open, readFile, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { errorText, StartupError } from "../startup-error.ts";
import { selfSignedCertificate } from "./self-signed.ts";

/** Both in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const VALID_MS = 20 * 365 * DAY_MS;

/** One that is there already. Throws StartupError. */
export async function readCertificate(directory: string): Promise<Certificate> {
  for (const path of [join(directory, "cert.pem"), join(directory, "key.pem")])
    if ((await readIfThere(path)) === null)
      throw new StartupError(`${path} is missing; the certificate stays the one that was read before`);
  return loadOrMakeCertificate(directory);
}

/** Throws StartupError. */
export async function loadOrMakeCertificate(directory: string, nowMs = Date.now()): Promise<Certificate> {
  const certPath = join(directory, "cert.pem");
  const keyPath = join(directory, "key.pem");
  const key = (await readPrivate(keyPath)) ?? (await makeKey(directory, certPath, keyPath));
  const privateKey = parsed(keyPath, () => createPrivateKey(key));
  const cert = (await readIfThere(certPath)) ?? (await makeCertificate(certPath, privateKey, nowMs));
  check(
    certPath,
    keyPath,
    parsed(certPath, () => new X509Certificate(cert)),
    privateKey,
    nowMs,
  );
  return { cert, key };
}

async function makeKey(directory: string, certPath: string, keyPath: string): Promise<string> {
  if ((await readIfThere(certPath)) !== null)
    throw new StartupError(
      `${keyPath} is missing though ${certPath} is there; restore the key, or delete the certificate too, so that both are made again`,
    );
  const key = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unwritable(directory, cause);
  }
  await putNew(keyPath, key, 0o600);
  return key;
}

/** Also for a key whose certificate was never written, because the first start was interrupted. */
async function makeCertificate(certPath: string, privateKey: KeyObject, nowMs: number): Promise<string> {
  if (privateKey.asymmetricKeyType !== "ed25519")
    throw new StartupError(
      `${certPath} is missing; put the certificate of the key there, or delete the key too`,
    );
  const cert = await selfSignedCertificate(privateKey, {
    name: "velha",
    serial: randomBytes(16),
    notBeforeMs: nowMs - DAY_MS,
    notAfterMs: nowMs + VALID_MS,
  });
  await putNew(certPath, cert, 0o644);
  return cert;
}

function check(
  certPath: string,
  keyPath: string,
  certificate: X509Certificate,
  privateKey: KeyObject,
  nowMs: number,
): void {
  if (!certificate.checkPrivateKey(privateKey))
    throw new StartupError(
      `${certPath} and ${keyPath} do not belong together; restore the right one, or delete both`,
    );
  if (Date.parse(certificate.validTo) <= nowMs)
    throw new StartupError(
      `${certPath} expired on ${certificate.validTo}; delete it and ${keyPath} so that both are made again`,
    );
  if (Date.parse(certificate.validFrom) > nowMs)
    throw new StartupError(
      `${certPath} is not valid before ${certificate.validFrom}; set the clock right, or delete it and ${keyPath}`,
    );
}

/** The text of a file that only its owner may read; null when there is none. */
async function readPrivate(path: string): Promise<string | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0 && process.platform !== "win32")
    throw new StartupError(`${path} can be read by others; run: chmod 600 ${path}`);
  return text;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StartupError(
      `cannot read ${path} (${errorText(cause)}); change its permissions, or name another folder with --certs`,
      {
        cause,
      },
    );
  }
}

/** Writes the file completely or not at all, and never over an existing one. */
async function putNew(path: string, text: string, mode: number): Promise<void> {
  const unfinished = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = await open(unfinished, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(unfinished, path);
  } catch (cause) {
    throw unwritable(path, cause);
  } finally {
    await unlink(unfinished).catch(() => {});
  }
}

function unwritable(path: string, cause: unknown): StartupError {
  return new StartupError(
    `cannot write ${path} (${errorText(cause)}); change its permissions, or name another folder with --certs`,
    {
      cause,
    },
  );
}

function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new StartupError(
      `${path} cannot be parsed (${errorText(cause)}); restore the right one, or delete it`,
      {
        cause,
      },
    );
  }
}
