import { expect, it } from "vitest";
import { Strangers } from "./strangers.ts";

function company(limit: number) {
  const gone: string[] = [];
  const excess: string[] = [];
  const strangers = new Strangers(limit, (address) => excess.push(address));
  const stranger = (name: string, address: string) => ({ address, giveWay: () => void gone.push(name) });
  return { strangers, stranger, gone, excess };
}

it("with one too many from an address the oldest of that address gives way", () => {
  const { strangers, stranger, gone, excess } = company(2);
  strangers.add(stranger("elsewhere", "2.2.2.2"));
  for (const name of ["first", "second", "third", "fourth"]) strangers.add(stranger(name, "1.1.1.1"));
  expect(gone).toEqual(["first", "second"]);
  expect(excess).toEqual(["1.1.1.1", "1.1.1.1"]);
});

it("who left, or logged in, counts no longer", () => {
  const { strangers, stranger, gone } = company(2);
  const first = stranger("first", "1.1.1.1");
  strangers.add(first);
  strangers.add(stranger("second", "1.1.1.1"));
  strangers.delete(first);
  strangers.delete(first);
  strangers.add(stranger("third", "1.1.1.1"));
  expect(gone).toEqual([]);
});

it("addresses of one IPv6 network are one", () => {
  const { strangers, stranger, gone } = company(1);
  strangers.add(stranger("first", "2001:db8::1"));
  strangers.add(stranger("second", "2001:db8:0:0:ffff::2"));
  strangers.add(stranger("third", "2001:db8:0:1::1"));
  expect(gone).toEqual(["first"]);
});
