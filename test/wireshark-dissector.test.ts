// docs/velha.lua in a real tshark, on a capture made from bytes: no right to capture is needed.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const isInstalled = spawnSync("text2pcap", ["-v"]).status === 0 && spawnSync("tshark", ["-v"]).status === 0;
const dissector = join(import.meta.dirname, "..", "docs", "velha.lua");

/** What tshark prints of one segment for each payload, all of one connection and direction. */
function dissect(payloads: string[], ...fields: string[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), "dissector-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [text, capture] = [join(directory, "text"), join(directory, "capture.pcapng")];
  writeFileSync(text, payloads.map((payload) => `0000 ${hex(payload)}\n`).join("\n"));
  execFileSync("text2pcap", ["-T", "40000,3000", text, capture], { stdio: "ignore" });
  const asked = ["-T", "fields", ...fields.flatMap((field) => ["-e", field])];
  const options = ["-X", `lua_script:${dissector}`, "-r", capture, "-Y", "velha", ...asked];
  return execFileSync("tshark", options, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
    .trim()
    .split("\n");
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex").replace(/../g, "$& ");
}

test.runIf(isInstalled || process.env.CI)("Wireshark shows each message by its name, with its blocks", () => {
  const payloads = ["join;game;m1;ana;n1\n", "proof;sig\nhave;0\n", "play;2;2;1;", "sig\n"];
  expect(dissect(payloads, "velha.message", "velha.block")).toEqual([
    "join\tgame,m1,ana,n1",
    "proof,have\tsig,0",
    "play\t2,2,1,sig",
  ]);
});

test.runIf(isInstalled || process.env.CI)("Wireshark's list names the messages of a packet", () => {
  expect(dissect(["secport;3001;id\nlistACK;ana:free\n"], "_ws.col.Protocol", "_ws.col.Info")).toEqual([
    "VELHA\tsecport, listACK",
  ]);
});
