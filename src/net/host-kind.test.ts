import { expect, test } from "vitest";
import { kindOfHost } from "./host-kind.ts";

test.each([
  ["localhost", "loopback"],
  ["LOCALHOST.", "loopback"],
  ["game.localhost", "loopback"],
  ["127.0.0.1", "loopback"],
  ["127.1", "loopback"],
  ["2130706433", "loopback"],
  ["0x7f.0.0.1", "loopback"],
  ["::1", "loopback"],
  ["0:0:0:0:0:0:0:1", "loopback"],
  ["::ffff:127.0.0.1", "loopback"],
  ["169.254.7.7", "link-local"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local"],
  ["224.0.0.1", "multicast"],
  ["ff02::1", "multicast"],
  ["0.0.0.0", "unspecified"],
  ["0", "unspecified"],
  ["::", "unspecified"],
  ["::ffff:0.0.0.0", "unspecified"],
  ["192.168.1.7", "other"],
  ["fd00::7", "other"],
  ["beto.example.org", "other"],
  ["cafe", "other"],
  ["deadbeef.example", "other"],
])("%s is %s", (host, kind) => {
  expect(kindOfHost(host)).toBe(kind);
});
