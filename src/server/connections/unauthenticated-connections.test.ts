import { expect, it } from "vitest";
import { UnauthenticatedConnections } from "./unauthenticated-connections.ts";

function connections(limit: number) {
  const evicted: string[] = [];
  const evictedAddresses: string[] = [];
  const all = new UnauthenticatedConnections(limit, (address) => evictedAddresses.push(address));
  const connection = (name: string, address: string) => ({ address, evict: () => void evicted.push(name) });
  return { all, connection, evicted, evictedAddresses };
}

it("evicts the oldest connection of an address that exceeds the limit", () => {
  const { all, connection, evicted, evictedAddresses } = connections(2);
  all.add(connection("elsewhere", "2.2.2.2"));
  for (const name of ["first", "second", "third", "fourth"]) all.add(connection(name, "1.1.1.1"));
  expect(evicted).toEqual(["first", "second"]);
  expect(evictedAddresses).toEqual(["1.1.1.1", "1.1.1.1"]);
});

it("no longer counts a connection that closed or logged in", () => {
  const { all, connection, evicted } = connections(2);
  const first = connection("first", "1.1.1.1");
  all.add(first);
  all.add(connection("second", "1.1.1.1"));
  all.delete(first);
  all.delete(first);
  all.add(connection("third", "1.1.1.1"));
  expect(evicted).toEqual([]);
});

it("counts the addresses of one IPv6 network together", () => {
  const { all, connection, evicted } = connections(1);
  all.add(connection("first", "2001:db8::1"));
  all.add(connection("second", "2001:db8:0:0:ffff::2"));
  all.add(connection("third", "2001:db8:0:1::1"));
  expect(evicted).toEqual(["first"]);
});
