import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openStateFolder } from "./state-folder.ts";
import { trustOnFirstUse } from "./trust.ts";

const scratch = mkdtempSync(join(tmpdir(), "velha-trust-"));
const file = join(scratch, "known-certificates");
const first = { fingerprint: "AA:AA", validUntilMs: 2_000 };
const other = { fingerprint: "BB:BB", validUntilMs: 2_000 };
const trust = () => trustOnFirstUse(file, () => 1_000);

afterEach(() => rmSync(file, { force: true }));

describe("trust on first use", () => {
  it("remembers a server's certificate, by host and port", () => {
    expect(trust().judge("localhost:3000", first)).toEqual({ kind: "first-use" });
    expect(trust().judge("localhost:3000", first)).toEqual({ kind: "known" });
    expect(trust().judge("localhost:4000", other)).toEqual({ kind: "first-use" });
    expect(readFileSync(file, "utf8")).toBe("localhost:3000 AA:AA\nlocalhost:4000 BB:BB\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("refuses another certificate, and says where the old one is stored", () => {
    writeFileSync(file, "localhost:3000 AA:AA\n");
    expect(trust().judge("localhost:3000", other)).toEqual({
      kind: "changed",
      expected: "AA:AA",
      where: file,
    });
    expect(readFileSync(file, "utf8")).toBe("localhost:3000 AA:AA\n");
  });

  it("refuses the certificate of another server, and says whose it is", () => {
    writeFileSync(file, "localhost:3000 AA:AA\nlocalhost:4000 BB:BB\n");
    expect(trust().judge("localhost:3000", other)).toEqual({
      kind: "changed",
      expected: "AA:AA",
      where: file,
      knownAs: "localhost:4000",
    });
  });

  it("refuses a certificate that has expired", () => {
    const late = trustOnFirstUse(file, () => 3_000);
    expect(late.judge("localhost:3000", first)).toEqual({ kind: "expired" });
  });
});

it("the state folder can be read only by its owner", () => {
  const { path } = openStateFolder(join(scratch, "a", "b"));
  expect(statSync(path).mode & 0o777).toBe(0o700);
});
