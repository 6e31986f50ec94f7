import { expect, it } from "vitest";
import { StoreTrouble } from "./store-trouble.ts";

function observed() {
  const told: string[] = [];
  const trouble = new StoreTrouble({
    onTrouble: () => told.push("trouble"),
    onRecovered: () => told.push("recovered"),
  });
  return { told, trouble };
}

it("of writes ends with a write alone, for a database whose disk is full can still be read", () => {
  const { told, trouble } = observed();
  trouble.begin("disk full", "write");
  trouble.begin("disk full", "read");
  trouble.end("read");
  expect(told).toEqual(["trouble"]);
  trouble.end("write");
  expect(told).toEqual(["trouble", "recovered"]);
});

it("of reads ends with whatever succeeds", () => {
  const { told, trouble } = observed();
  trouble.begin("restart", "read");
  trouble.end("read");
  trouble.begin("restart", "read");
  trouble.end("write");
  expect(told).toEqual(["trouble", "recovered", "trouble", "recovered"]);
});
