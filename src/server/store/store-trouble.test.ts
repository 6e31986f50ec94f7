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

it("trouble with writes ends only with a write, because a database whose disk is full can still be read", () => {
  const { told, trouble } = observed();
  trouble.begin("disk full", "write");
  trouble.begin("disk full", "read");
  trouble.end("read");
  expect(told).toEqual(["trouble"]);
  trouble.end("write");
  expect(told).toEqual(["trouble", "recovered"]);
});

it("trouble with reads ends with any success", () => {
  const { told, trouble } = observed();
  trouble.begin("restart", "read");
  trouble.end("read");
  trouble.begin("restart", "read");
  trouble.end("write");
  expect(told).toEqual(["trouble", "recovered", "trouble", "recovered"]);
});
