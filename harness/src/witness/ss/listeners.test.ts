import { expect, it } from "vitest";
import { Listeners } from "./listeners.ts";
import { type KernelSocket, readSsLine } from "./ss-lines.ts";

const socket = (local: string) => readSsLine(`LISTEN 0 0 ${local} 0.0.0.0:* ino:1 sk:3`) as KernelSocket;

it("A connection belongs to the program that listens on its address and port", () => {
  const listeners = new Listeners<string>();
  listeners.add(socket("127.0.0.1:80"), "server");
  expect(listeners.ownerOf(socket("127.0.0.1:80"))).toBe("server");
  expect(listeners.ownerOf(socket("127.0.0.2:80"))).toBeNull();
  expect(listeners.ownerOf(socket("127.0.0.1:81"))).toBeNull();
});

it.each(["0.0.0.0:80", "*:80", "[::]:80"])(
  "%s is every address that nobody else listens on",
  (everywhere) => {
    const listeners = new Listeners<string>();
    listeners.add(socket(everywhere), "server");
    listeners.add(socket("127.0.0.2:80"), null);
    expect(listeners.ownerOf(socket("127.0.0.1:80"))).toBe("server");
    expect(listeners.ownerOf(socket("127.0.0.2:80"))).toBeNull();
  },
);

it("A listener that is gone stays known until another watched program listens there", () => {
  const listeners = new Listeners<string>();
  listeners.add(socket("127.0.0.1:80"), "first");
  listeners.add(socket("127.0.0.1:80"), null);
  expect(listeners.ownerOf(socket("127.0.0.1:80"))).toBe("first");
  listeners.add(socket("127.0.0.1:80"), "second");
  expect(listeners.ownerOf(socket("127.0.0.1:80"))).toBe("second");
});
