// Payload, TLS and TCP, and the residuals between them.
import { expect, test } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import { payloadSection } from "./summary-network.ts";

function resultWith(...changes: object[]) {
  const result = sampleResult();
  const [socket] = result.sockets;
  return { ...result, sockets: changes.map((change) => ({ ...socket!, ...change })) };
}

const written = [
  { type: "ping", count: 2, bytes: 14 },
  { type: "list", count: 1, bytes: 5 },
];

test("The byte ledger reconciles payload with TCP payload, and shows the bytes that TLS added", () => {
  const section = payloadSection(
    resultWith(
      { bytesWritten: 20, messages: { written, read: [] } },
      { bytesWritten: 1_019, isTls: true, flow: "tls", messages: { written, read: [] } },
    ),
  );
  expect(section).toContain("| control | 19 | 0 | 20 | 1 |");
  expect(section).toContain("| tls | 19 | 1,000 | 1,019 | 0 |");
  expect(section).toContain(
    "| control | ping | 2 | 14 |\n| tls | ping | 2 | 14 |\n| control | list | 1 | 5 |",
  );
});

test("There is no byte ledger if payload was not counted", () => {
  expect(payloadSection(sampleResult())).toBe("");
});
