// Which certificate a server must show: the one in a file, or the one from the first connection (docs/PROTOCOL.md §2).
import { X509Certificate } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import type { ServerCertificate } from "../net/dial.ts";
import type { Judgement, Trust } from "./world.ts";

/** Trusts the certificate in a PEM file alone; throws when there is none in it. */
export function trustFile(file: string, nowMs: () => number): Trust {
  const expected = fingerprintIn(file);
  return {
    judge: (_server, certificate) => compare(expected, certificate, file, nowMs()) ?? { kind: "known" },
  };
}

function fingerprintIn(file: string): string {
  try {
    return new X509Certificate(readFileSync(file)).fingerprint256;
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`${file} holds no certificate that can be read: ${message}`, { cause });
  }
}

/**
 * Trust on first use. `file` keeps a line `host:port SHA-256` for each server; it is read for every judgement, because
 * several clients may share it.
 */
export function trustOnFirstUse(file: string, nowMs: () => number): Trust {
  return {
    judge(server, certificate) {
      const known = rememberedIn(file);
      const expected = known.get(server);
      const problem = compare(expected ?? certificate.fingerprint, certificate, file, nowMs());
      if (problem?.kind === "changed") {
        const [knownAs] = [...known].find(([, fingerprint]) => fingerprint === certificate.fingerprint) ?? [];
        return knownAs === undefined ? problem : { ...problem, knownAs };
      }
      if (problem) return problem;
      if (expected) return { kind: "known" };
      appendFileSync(file, `${server} ${certificate.fingerprint}\n`, { mode: 0o600 });
      return { kind: "first-use" };
    },
  };
}

/** The same, for as long as the program runs. */
export function trustInMemory(nowMs: () => number): Trust {
  const known = new Map<string, string>();
  return {
    judge(server, certificate) {
      const expected = known.get(server) ?? certificate.fingerprint;
      known.set(server, expected);
      return compare(expected, certificate, "", nowMs()) ?? { kind: "known" };
    },
  };
}

function compare(
  expected: string,
  certificate: ServerCertificate,
  where: string,
  nowMs: number,
): Judgement | null {
  if (certificate.fingerprint !== expected) return { kind: "changed", expected, where };
  return certificate.validUntilMs < nowMs ? { kind: "expired" } : null;
}

/** By server; the first line for each counts. */
function rememberedIn(file: string): Map<string, string> {
  const known = new Map<string, string>();
  let content = "";
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  for (const line of content.split("\n")) {
    const [name, fingerprint] = line.trim().split(/\s+/);
    if (name && fingerprint && !known.has(name)) known.set(name, fingerprint);
  }
  return known;
}
