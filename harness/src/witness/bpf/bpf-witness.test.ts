import { expect, it } from "vitest";
import { BpfWitness } from "./bpf-witness.ts";
import { readSocketLine } from "./socket-lines.ts";

function causesAfter(...lines: string[]): string[] {
  const witness = new BpfWitness((groupId) => (groupId === 7 ? "server" : undefined), 100);
  for (const line of lines) witness.hear(readSocketLine(line)!);
  return witness.losses().map(({ cause }) => cause);
}

it("Datagrams are said not to be counted, those of both directions together", () => {
  expect(
    causesAfter(
      "@udp_send_bytes[7, 1]: 20",
      "@udp_recv_bytes[7, 2]: 10",
      "@udp_send_count[7, 1]: 2",
      "@udp_recv_count[7, 2]: 1",
      "@udp_send_bytes[8, 3]: 99",
    ),
  ).toEqual(["server sent and received 3 UDP datagrams with 30 bytes, not counted"]);
});

it("A Unix socket that a program dials is said not to be counted, once", () => {
  expect(
    causesAfter("unix connect 7 /run/db", "unix connect 7 /run/db", "unix connect 8 /run/other"),
  ).toEqual(["server used 1 Unix socket (/run/db), whose bytes are not counted"]);
});

it.each(["/tmp/run/probe.sock", "/var/run/nscd/socket"])("%s is no traffic of the program", (path) => {
  expect(causesAfter(`unix connect 7 ${path}`)).toEqual([]);
});

it("A Unix socket that a program listens on counts once anybody has dialled it", () => {
  expect(causesAfter("unix bind 7 /run/db")).toEqual([]);
  expect(causesAfter("unix bind 7 /run/db", "unix connect 8 db")).toEqual([
    "server used 1 Unix socket (/run/db), whose bytes are not counted",
  ]);
});
