import { expect, it } from "vitest";
import { readServerAddresses, startingAt } from "./server-addresses.ts";

const address = (host: string, port: number) => ({ host, port });

it.each([
  ["example.org", [address("example.org", 3000)]],
  ["a:3001", [address("a", 3001)]],
  ["a:3001,b", [address("a", 3001), address("b", 3000)]],
  ["::1", [address("::1", 3000)]],
  ["[::1]:3001, 10.0.0.2:1", [address("::1", 3001), address("10.0.0.2", 1)]],
  ["", null],
  ["a,", null],
  ["a:0", null],
  ["a:70000", null],
  ["a:b", null],
])("%j is read", (text, expected) => {
  expect(readServerAddresses(text, 3000)).toEqual(expected);
});

it("can start at any of them", () => {
  const servers = [address("a", 1), address("b", 2), address("c", 3)] as const;
  expect(startingAt(servers, 4).map(({ host }) => host)).toEqual(["b", "c", "a"]);
});
